"""What speaks for a name being a person's, a place's or a body's."""

import re
from typing import Final, NamedTuple

from workers.enrich.names.lexicon import Lexicon
from workers.enrich.names.mentions import Mention

_COMMON: Final = 2.0
"""What speaks against a name that the page also writes as plain words."""
_NEAR: Final = {"in", "near", "outside", "around", "at"}
_POSSESSIVE: Final = re.compile(r"['\u2019]s?$")
_ACRONYM: Final = re.compile(r"(?:[A-Z]{2,6}|[A-Z]{2,5}s|(?:[A-Z]\.){2,})")
_INITIAL: Final = re.compile(r"[A-Z]\.?")
_AGE: Final = re.compile(r"\d{1,2}")
_TAGGED: Final = re.compile(r"\w+\.(?:com|net|org|co|gov|edu)\b", re.IGNORECASE)


class Scores(NamedTuple):
    """Evidence for each kind; more is surer."""

    person: float
    place: float
    organisation: float


def score(mention: Mention, words: Lexicon) -> Scores:
    """The evidence that one mention holds."""
    bare = tuple(_POSSESSIVE.sub("", word) for word in mention.words)
    lows = tuple(word.lower() for word in bare)
    name = " ".join(bare)
    known = name in words.places or name in words.organisations
    less = _COMMON if mention.ordinary == len(bare) and not known else 0.0
    return Scores(
        _person(mention, bare, lows, words) - less,
        _place(mention, name, lows, words) - less,
        _body(mention, name, lows, words) - less,
    )


def _person(mention: Mention, bare: tuple[str, ...], lows: tuple[str, ...], words: Lexicon) -> float:
    found = 0.0
    if mention.title or mention.before.removesuffix(".") in words.before_person:
        found += 3 if mention.title else 2
    if bare[0] in words.given and bare[0] not in words.places:
        found += 2.5 if 2 <= len(bare) <= 4 else 0.5
    if len(bare) > 1 and (_INITIAL.fullmatch(bare[1]) or _INITIAL.fullmatch(bare[0])):
        found += 1.5
    if mention.after in words.after_person:
        found += 1 if len(bare) > 1 or not mention.starts else 0.5
    if mention.before in {"said", "says", "added"} and not mention.earlier.endswith("ly"):
        found += 1
    if mention.after == "," and _AGE.fullmatch(mention.later):
        found += 2
    if 2 <= len(bare) <= 3 and all(word[:1].isupper() and word[1:].islower() for word in bare):
        found += 1.5 if not mention.starts and _is_rare(mention, lows, words) else 0.5
    if (
        bare[0] in words.organisations
        or len(bare) > 5
        or (len(bare) > 1 and (lows[0] in words.no_person_first or lows[0] in words.storms))
        or any(low in words.org_words or low in words.place_last for low in lows[1:])
    ):
        found -= 3
    return found


def _is_rare(mention: Mention, lows: tuple[str, ...], words: Lexicon) -> bool:
    """Whether no word of a name is one that texts use for anything else, as far as the page shows."""
    return not mention.starts and not mention.ordinary and not any(low in words.not_names for low in lows)


def _place(mention: Mention, name: str, lows: tuple[str, ...], words: Lexicon) -> float:
    found = 3.0 if name in words.places else 0.0
    if len(lows) > 1 and lows[-1] in words.place_last:
        found += 2.5
    if len(lows) > 1 and lows[0] in words.place_first:
        found += 1.5
    if mention.before in words.place_prepositions and not mention.title:
        found += 1.5 if mention.before in _NEAR and not mention.ordinary and len(lows) <= 2 else 0.75
    if mention.before == "of" and mention.earlier in words.place_nouns_before | {
        "north",
        "south",
        "east",
        "west",
        "south-west",
        "north-west",
        "south-east",
        "north-east",
    }:
        found += 3
    if mention.after in words.place_nouns_after:
        found += 2
    if mention.after == "," and mention.later in {"north", "south", "east", "west", "about", "near"}:
        found += 1
    return found


def _body(mention: Mention, name: str, lows: tuple[str, ...], words: Lexicon) -> float:
    found = 4.0 if name in words.organisations else 0.0
    if any(low in words.org_words for low in lows) and len(lows) > 1 and name not in words.places:
        found += 3.5
    if len(lows) == 1 and _ACRONYM.fullmatch(name) and name not in words.places:
        found += 1
    if _TAGGED.fullmatch(name):
        found += 3
    if mention.before == "the" and name not in words.places and len(lows) > 0:
        found += 0.75
    if found > 3 and any(low in {"of", "for", "and", "&"} for low in lows):
        found += 1
    if mention.after in {
        "party",
        "group",
        "spokesman",
        "spokeswoman",
        "shares",
        "fighters",
        "militants",
        "members",
        "network",
        "officials",
    }:
        found += 1.5
    return found
