"""The words that the extractor knows, read once from the tables beside it."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_TABLES: Final = "workers.enrich.names.tables"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of words; what each is for, says `tables/README.md`. Names as they are written, cue words in lower case."""

    given: frozenset[str]
    places: frozenset[str]
    organisations: frozenset[str]
    before_person: frozenset[str]
    after_person: frozenset[str]
    org_words: frozenset[str]
    place_last: frozenset[str]
    place_first: frozenset[str]
    no_person_first: frozenset[str]
    storms: frozenset[str]
    place_prepositions: frozenset[str]
    place_nouns_before: frozenset[str]
    place_nouns_after: frozenset[str]
    demonyms: frozenset[str]
    calendar: frozenset[str]
    not_names: frozenset[str]
    credentials: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The tables, some 90 KB."""
    cues = {name: frozenset(words.split()) for name, words in _table("words").items()}
    return Lexicon(
        given=frozenset(_table("given")["given"]),
        places=frozenset(_table("places")["places"]),
        organisations=frozenset(_table("known")["organisations"]),
        **{name: cues[name] for name in Lexicon.__slots__ if name in cues},
    )


def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = json.loads(files(_TABLES).joinpath(f"{name}.json").read_text("utf-8"))
    return table
