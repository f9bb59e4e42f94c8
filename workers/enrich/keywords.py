"""What a text is about, in its own words: those that it uses often, early and in its title, and other texts rarely."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from typing import Final

NO_KEYWORDS: Final[tuple[str, ...]] = ()
_MOST: Final = 10
_READ_CHARS: Final = 6_000
_LONGEST: Final = 3
"""Words of one keyword."""
_TEXTS: Final = 779
"""Texts that were counted for the table; a word that it does not have stood in at most three of them."""
_UNKNOWN: Final = 2
_FEWEST: Final = 2
"""Times that a keyword must stand in the text, or once in it and once in the title."""
_IN_TITLE: Final = 2.0
_EARLY: Final = 1.4
_EARLY_WORDS: Final = 100
_PHRASE: Final = 1.3
"""How much more a phrase says than its words: by the square root of how many it has."""
_MOSTLY: Final = 0.6
_TOO_COMMON: Final = 80
"""Of a thousand English texts; a word in more of them is no keyword by itself."""
_TOO_COMMON_AT_AN_END: Final = 160
"""A word in more of them neither begins nor ends a phrase."""
_SHORT_IS_COMMON: Final = 4
"""Letters up to which a word of a language without a table counts as a function word."""
_TOKEN: Final = re.compile(r"[^\W\d_](?:[\w]|['\u2019&-](?=\w))*|[.!?;:,()\"\u201c\u201d\n|]")
_POSSESSIVE: Final = ("'s", "\u2019s")


def find_keywords(title: str | None, text: str, language: str | None) -> tuple[str, ...]:
    """At most ten keywords, the most telling first; lower case but for words that the text always writes with capitals.

    A word weighs as often as it stands in the text (the first hundred words count more, the title's double) times the
    logarithm of how rarely others have it (Spärck Jones, "A statistical interpretation of term specificity", 1972).
    A phrase of two or three weighs the mean of its words, times a little more than one word would.

    Args:
        title: of the page.
        text: only its first 6,000 characters are read.
        language: `en` has a table of how common words are; in others short words are taken for common.
    """
    tokens = _TOKEN.findall(text[:_READ_CHARS])
    in_title = {_plain(each) for each in _TOKEN.findall(title or "")}
    english = _english() if language in {"en", None} else None
    weight, written = _counted(tokens)
    able = {word for word, count in weight.items() if count >= _FEWEST} | in_title
    singles = {word: _weight(word, weight[word], in_title, english) for word in able & weight.keys()}
    times = _runs(tokens, able)
    scored = {
        phrase: score * (1 + math.log(times[phrase]))
        for phrase in times
        if (times[phrase] >= _FEWEST or in_title.issuperset(phrase))
        and (score := _score(phrase, singles, english)) is not None
    }
    parts = _parts_of_longer(scored, times)
    return _chosen(sorted(scored.keys() - parts, key=lambda phrase: (-scored[phrase], phrase)), written)


def _parts_of_longer(scored: Iterable[tuple[str, ...]], times: Mapping[tuple[str, ...], int]) -> set[tuple[str, ...]]:
    """Phrases that stand within one and the same longer phrase for the most part: that one says more."""
    return {
        part
        for phrase in scored
        for many in range(1, len(phrase))
        for at in range(len(phrase) - many + 1)
        if times[phrase] >= max(_FEWEST, _MOSTLY * times[part := phrase[at : at + many]])
    }


def _plain(token: str) -> str:
    low = token.lower()
    return low[:-2] if low.endswith(_POSSESSIVE) else low


def _counted(tokens: Sequence[str]) -> tuple[dict[str, float], dict[str, str]]:
    """How often each word stands in the text, early ones weighing more, and how it is written."""
    weight: dict[str, float] = {}
    written: dict[str, str] = {}
    early = Counter(token for token in tokens[:_EARLY_WORDS] if token[0].isalpha())
    for token, count in Counter(token for token in tokens if token[0].isalpha()).items():
        word = _plain(token)
        weight[word] = weight.get(word, 0.0) + count + (_EARLY - 1) * early[token]
        bare = token[:-2] if token.endswith(_POSSESSIVE) else token
        written[word] = bare if word not in written or bare.islower() else written[word]
    return weight, written


def _weight(word: str, count: float, in_title: set[str], english: Mapping[str, int] | None) -> float:
    rare = math.log(_TEXTS / (_frequency(word, english) * _TEXTS / 1000 + 1))
    return (1 + math.log(count)) * max(0.1, rare) * (_IN_TITLE if word in in_title else 1.0)


def _frequency(word: str, english: Mapping[str, int] | None) -> float:
    """Of a thousand texts, how many have the word."""
    if english is None:
        return 300.0 if len(word) <= _SHORT_IS_COMMON else _UNKNOWN
    return english.get(word, english.get(word.removesuffix("s"), _UNKNOWN))


def _score(phrase: tuple[str, ...], singles: Mapping[str, float], english: Mapping[str, int] | None) -> float | None:
    """None for a phrase that a common word begins or ends."""
    most = _TOO_COMMON if len(phrase) == 1 else _TOO_COMMON_AT_AN_END
    if not (_telling(phrase[0], english, most) and _telling(phrase[-1], english, most)):
        return None
    return sum(singles[word] for word in phrase) / len(phrase) * _PHRASE ** (len(phrase) - 1)


def _runs(tokens: Sequence[str], able: AbstractSet[str]) -> Counter[tuple[str, ...]]:
    """Up to three words in a row within what parts them, and how often they stand there.

    Signs part words, and so does a word that can be in no keyword: most stand in a text once.
    """
    found: list[tuple[str, ...]] = []
    plain = {token: word for token in set(tokens) if token[0].isalpha() and (word := _plain(token)) in able}
    row: list[str] = []
    for token in (*tokens, "."):
        if token in plain:
            row.append(plain[token])
        elif row:
            for many in range(1, min(_LONGEST, len(row)) + 1):
                found.extend(zip(*(row[at:] for at in range(many)), strict=False))
            row = []
    return Counter(found)  # once: counting row by row takes three times as long


def _telling(word: str, english: Mapping[str, int] | None, most: int) -> bool:
    return len(word) > 1 and _frequency(word, english) < most


def _chosen(ranked: Iterable[tuple[str, ...]], written: Mapping[str, str]) -> tuple[str, ...]:
    """The first ten that say something new: none within another, none that only differs by an `s`."""
    chosen: list[tuple[str, ...]] = []
    for phrase in ranked:
        if len(chosen) == _MOST:
            break
        stems = {_stem(word) for word in phrase}
        if all(not (stems <= others or others <= stems) for others in ({_stem(w) for w in one} for one in chosen)):
            chosen.append(phrase)
    return tuple(" ".join(written[word] for word in phrase) for phrase in chosen)


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word


@cache
def _english() -> dict[str, int]:
    """How many of a thousand texts have a word."""
    table = json.loads(files("workers.enrich.tables").joinpath("english_words.json").read_text("utf-8"))
    return {word: int(share) for share, words in table.items() for word in words.split()}
