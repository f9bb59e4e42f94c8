"""What a text is about, in its own words: those that it uses often, early and in its title, and other texts rarely."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

from shared.search.analysis.characters import INVISIBLE, marks
from shared.spaceless import has_spaceless, without_spaceless
from workers.enrich.rarity import TEXTS, Rarity, rarity
from workers.enrich.unspaced_words import is_japanese, parted_japanese, repeated_words

NO_KEYWORDS: Final[tuple[str, ...]] = ()
_MOST: Final = 10
_READ_CHARS: Final = 6_000
_LONGEST: Final = 3
"""Words of one keyword."""
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
_TOKEN: Final = re.compile(r"[^\W\d_](?:[\w]|['\u2019&-](?=\w))*|[.!?;:,()\"\u201c\u201d\n|]")
_UNSPACED_FROM: Final = "\u2e80"
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_LONGER: Final = 1.15
"""How much more a word without spaces says for each character from the third to the sixth."""
_FEWEST_PAIRS: Final = 3
"""Times that two characters must stand in a text to be taken for a word: twice, they often do by chance."""
_POSSESSIVE: Final = ("'s", "\u2019s")


def find_keywords(title: str | None, text: str, language: str | None) -> tuple[str, ...]:
    """At most ten keywords, the most telling first; lower case but for words that the text always writes with capitals.

    A word weighs as often as it stands in the text (the first hundred words count more, the title's double) times the
    logarithm of how rarely others have it (Spärck Jones, "A statistical interpretation of term specificity", 1972).
    A phrase of two or three weighs the mean of its words, times a little more than one word would.

    Args:
        title: of the page.
        text: only its first 6,000 characters are read.
        language: `en` has a table of how common words are; in others short words and listed ones are taken for common.
            Chinese and Thai words are what the text repeats, Japanese ones are told by the change of scripts.
    """
    head, title = text[:_READ_CHARS], title or ""
    if not has_spaceless(head):
        return _said(_ranked(title, head, language))
    if is_japanese(head, language):
        return _said(_ranked(parted_japanese(title), parted_japanese(head), language))
    return _said(_ranked(_parted(title), _parted(head), language) | _unspaced(title, head))


def _said(scored: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(scored, key=lambda each: (-scored[each], each))[:_MOST])


def _parted(text: str) -> str:
    """The text without what has no spaces."""
    return without_spaceless(text).replace("  ", " . ")


def _unspaced(title: str, text: str) -> dict[str, float]:
    """What a text without spaces repeats, and how much each word says; none stands within another."""
    scored: dict[str, float] = {}
    for word, units, times in repeated_words(text):
        titled = word in title
        if units > 2 or titled or times >= _FEWEST_PAIRS:
            many = (1 + math.log(times)) ** 2 * math.log(TEXTS / 2) * _LONGER ** (min(units, 6) - 2)
            scored[word] = many * (_IN_TITLE if titled else 1.0)
    chosen: dict[str, float] = {}
    for word in sorted(scored, key=lambda each: (-scored[each], each)):
        if not any(word in other or other in word for other in chosen):
            chosen[word] = scored[word]
    return chosen


def _ranked(title: str, text: str, language: str | None) -> dict[str, float]:
    """At most ten keywords of a text that parts its words, and how much each says."""
    cut = _token(language)
    tokens = cut.findall(text)
    in_title = {_plain(each) for each in cut.findall(title)}
    known = rarity(language)
    weight, written = _counted(tokens)
    able = {word for word, count in weight.items() if count >= _FEWEST} | in_title
    singles = {word: _weight(word, weight[word], in_title, known) for word in able & weight.keys()}
    times = _runs(tokens, able)
    scored = {
        phrase: score * (1 + math.log(times[phrase]))
        for phrase in times
        if (times[phrase] >= _FEWEST or in_title.issuperset(phrase))
        and (score := _score(phrase, singles, known)) is not None
    }
    parts = _parts_of_longer(scored, times)
    best = _chosen(sorted(scored.keys() - parts, key=lambda phrase: (-scored[phrase], phrase)))
    return {_written(phrase, written): scored[phrase] for phrase in best}


def _token(language: str | None) -> re.Pattern[str]:
    """How words are cut; those of English have no combining marks."""
    return _TOKEN if language == "en" else _marked_token()


@cache
def _marked_token() -> re.Pattern[str]:
    word = rf"[\w{marks()}{INVISIBLE}]"
    return re.compile(
        rf"[^\W\d_](?:{word}|['\u2019&-](?=\w))*|[.!?;:,()\"\u201c\u201d\n|\u0964\u0965\u060c\u061b\u061f\u3001-\u3003\u3008-\u3011\u30fb\uff01-\uff1f]"
    )


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


def _weight(word: str, count: float, in_title: set[str], known: Rarity) -> float:
    rare = math.log(TEXTS / (known.frequency(word) * TEXTS / 1000 + 1))
    return (1 + math.log(count)) * max(0.1, rare) * (_IN_TITLE if word in in_title else 1.0)


def _score(phrase: tuple[str, ...], singles: Mapping[str, float], known: Rarity) -> float | None:
    """None for a phrase that a common word begins or ends."""
    most = _TOO_COMMON if len(phrase) == 1 else _TOO_COMMON_AT_AN_END
    if not (_telling(phrase[0], known, most) and _telling(phrase[-1], known, most)):
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


def _telling(word: str, known: Rarity, most: int) -> bool:
    return len(word) > 1 and known.frequency(word) < most


def _chosen(ranked: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The first ten that say something new: none within another, none that only differs by an `s`."""
    chosen: list[tuple[str, ...]] = []
    for phrase in ranked:
        if len(chosen) == _MOST:
            break
        stems = {_stem(word) for word in phrase}
        if all(not (stems <= others or others <= stems) for others in ({_stem(w) for w in one} for one in chosen)):
            chosen.append(phrase)
    return chosen


def _written(phrase: tuple[str, ...], written: Mapping[str, str]) -> str:
    """As the text writes it; Japanese has no spaces between words."""
    words = [written[word] for word in phrase]
    return ("" if all(word >= _UNSPACED_FROM for word in words) and not _HANGUL.search(words[0]) else " ").join(words)


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word
