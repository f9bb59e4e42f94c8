"""Whether two words differ by a few letters."""


class Alike:
    """The words that at most so many letters put in, left out, changed or swapped with a neighbour make of one.

    The optimal string alignment distance (Boytsov 2011, section 2.2), which both engines use.

    Args:
        word: the one.
        most: letters.
    """

    def __init__(self, word: str, most: int) -> None:
        self._word = word
        self._most = most
        self._letters = frozenset(word)

    def __call__(self, other: str) -> bool:
        """Whether a word is one of them; most are not, and told so by their length and letters."""
        most = self._most
        if abs(len(other) - len(self._word)) > most or len(self._letters.difference(other)) > most:
            return False
        return other == self._word or _distance(*_without_shared_ends(self._word, other), most) <= most


def _without_shared_ends(one: str, two: str) -> tuple[str, str]:
    least = min(len(one), len(two))
    start = next((place for place in range(least) if one[place] != two[place]), least)
    one, two = one[start:], two[start:]
    least = min(len(one), len(two))
    end = next((place for place in range(least) if one[-1 - place] != two[-1 - place]), least)
    return one[: len(one) - end], two[: len(two) - end]


def _distance(one: str, two: str, most: int) -> int:
    """The distance, or any greater number than `most`."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for place, char in enumerate(one, 1):
        before, above, row = row, before, [place]
        for at, other in enumerate(two, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (char != other))
            if place > 1 and at > 1 and char == two[at - 2] and one[place - 2] == other:
                cost = min(cost, above[at - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
