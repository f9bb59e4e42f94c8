"""Whom and what an English text speaks of, without a model.

Lists of names, the words around a name, and what the page says elsewhere about the same one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.models.document import Names
from workers.enrich.names.lexicon import Lexicon, lexicon
from workers.enrich.names.mentions import Mention, mentions
from workers.enrich.names.scoring import score

_LONGEST: Final = 8_000
"""Characters that are read; who matters in a story is named before."""
_MOST: Final = 30
"""Names of a kind that a document has."""
_ENOUGH: Final = 1.5
_POSSESSIVE: Final = re.compile(r"['\u2019]s?$")
_KINDS: Final = ("person", "place", "organisation")


@dataclass(slots=True)
class _Candidate:
    """One name of a text, with the evidence of all its mentions."""

    words: tuple[str, ...]
    first: int
    count: int = 0
    sure: bool = False
    best: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))
    total: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_KINDS, 0.0))

    @property
    def kind(self) -> str | None:
        """What most speaks for; None where too little does."""
        kind = max(_KINDS, key=lambda each: self.best[each] + 0.25 * self.total[each] / max(1, self.count))
        return kind if self.best[kind] >= _ENOUGH else None


def find_names(text: str) -> Names:
    """People, places and organisations of an English text, the most named first, at most 30 of each.

    A person is called as the page does at fullest; a surname alone counts for the full name.
    """
    words = lexicon()
    found = _candidates(mentions(text[:_LONGEST], words), words)
    people = _people(_without_storms(found, words))
    places = [each for name, each in found.items() if each.kind == "place"]
    bodies = [each for name, each in found.items() if each.kind == "organisation" and not _echoes(each, found)]
    return Names(people=_ranked(people), places=_ranked(places), organisations=_ranked(bodies))


def _candidates(given: Iterable[Mention], words: Lexicon) -> dict[str, _Candidate]:
    found: dict[str, _Candidate] = {}
    for place, mention in enumerate(given):
        bare = tuple(_POSSESSIVE.sub("", word) for word in mention.words)
        if not bare or not _nameable(bare, words):
            continue
        key = " ".join(bare)
        if mention.in_heading and not (_known(key, words) or bare[0] in words.given):
            continue
        candidate = found.setdefault(key, _Candidate(bare, place))
        candidate.count += 1
        candidate.sure = candidate.sure or not mention.starts
        for kind, points in zip(_KINDS, score(mention, words), strict=True):
            candidate.best[kind] = max(candidate.best[kind], points)
            candidate.total[kind] += points
    return {key: each for key, each in found.items() if each.sure or len(each.words) > 1 or _known(key, words)}


def _nameable(bare: tuple[str, ...], words: Lexicon) -> bool:
    lows = [word.lower() for word in bare]
    if all(low in words.not_names or low in words.calendar or low in words.demonyms for low in lows):
        of_state = len(bare) > 1 and lows[-1] == "government"
        return of_state or " ".join(bare) in words.organisations or " ".join(bare) in words.places
    return any(len(word) > 1 for word in bare)


def _known(name: str, words: Lexicon) -> bool:
    return name in words.places or name in words.organisations or name in words.given


def _without_storms(found: Mapping[str, _Candidate], words: Lexicon) -> dict[str, _Candidate]:
    """All but what a storm is called, by itself: `Katrina` on a page that has `Hurricane Katrina`."""
    storms = {
        each.words[1] for each in found.values() if len(each.words) == 2 and each.words[0].lower() in words.storms
    }
    return {name: each for name, each in found.items() if name not in storms}


def _people(found: Mapping[str, _Candidate]) -> list[_Candidate]:
    """People by their fullest names; a part of one that stands alone counts for it, whatever it looks like."""
    full = [each for each in found.values() if each.kind == "person" and len(each.words) > 1]
    by_part: dict[str, _Candidate] = {}
    for each in full:
        by_part.setdefault(each.words[-1], each)
        by_part.setdefault(" ".join(each.words[1:]), each)
    people = list(full)
    for key, each in found.items():
        if each.kind == "person" and len(each.words) > 1:
            continue
        whole = by_part.get(key)
        if whole is not None and whole is not each and each.best["place"] < 3:
            whole.count += each.count
            each.best = dict.fromkeys(_KINDS, 0.0)
        elif each.kind == "person":
            people.append(each)
    return _without_shorter(people)


def _without_shorter(people: list[_Candidate]) -> list[_Candidate]:
    """Each person once: a name whose words are all in a longer one's is that one."""
    kept: list[_Candidate] = []
    for each in sorted(people, key=lambda one: -len(one.words)):
        longer = next((one for one in kept if set(each.words) < set(one.words)), None)
        if longer is not None:
            longer.count += each.count
        elif each.best["person"] >= _ENOUGH:
            kept.append(each)
    return kept


def _echoes(each: _Candidate, found: Mapping[str, _Candidate]) -> bool:
    """Whether an acronym stands for a longer name on the page."""
    if len(each.words) > 1 or not each.words[0].isupper():
        return False
    letters = each.words[0]
    return any(letters == "".join(word[0] for word in other.words if word[0].isupper()) for other in found.values())


def _ranked(found: Iterable[_Candidate]) -> tuple[str, ...]:
    order = sorted(found, key=lambda each: (-each.count, each.first))
    return tuple(dict.fromkeys(" ".join(each.words) for each in order))[:_MOST]
