"""The indices of documents that there are, and the part that each plays, which its aliases tell."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from shared.moments import from_ms
from shared.search.elasticsearch.client import SETUP, Connection
from shared.search.elasticsearch.mapping import FORMAT, FORMAT_NOTE, MADE_WITH_NOTE
from shared.search.elasticsearch.names import Names
from shared.search.generations import Role

REPLACED_NOTE: Final = "pagemill_replaced_at"
"""Under this name in `_meta`: when another one went live in its place."""
FILLING_NOTE: Final = "pagemill_filling_since"
"""Under this name in `_meta` from the beginning until right after it has gone live: an alias can get lost, and then
nothing else would tell that documents are missing in it. Of no meaning while the index is live."""
ASIDE_NOTE: Final = "pagemill_aside_since"
"""Under this name in `_meta` of an index that is written to no more, until it is live again: see `marks`."""
_WANTED: Final = ("*.aliases", "*.mappings._meta", "*.settings.index.creation_date")
_ORDER: Final[Mapping[Role, int]] = {"live": 0, "building": 1, "kept": 2, "aside": 3}


class Part(NamedTuple):
    """One index, and what is noted of it; `notes` is its `_meta`."""

    name: str
    role: Role
    made_at: datetime
    notes: Mapping[str, Any]
    aliases: frozenset[str]

    @property
    def made_with(self) -> str | None:
        """`shared.search.format.FORMAT` of the code that made it."""
        return self.notes.get(MADE_WITH_NOTE)

    @property
    def replaced_at(self) -> datetime | None:
        """When another one went live in its place."""
        told = self.notes.get(REPLACED_NOTE) or self.notes.get(ASIDE_NOTE)
        return datetime.fromisoformat(told) if told and self.role != "live" else None

    @property
    def misfit(self) -> str | None:
        """Why this code cannot write to it."""
        return misfit(self.name, self.notes)

    @property
    def lacks(self) -> str | None:
        """Why it must not be searched, where nobody fills it any more."""
        return lacks(self.name, self.notes) if self.role in {"kept", "aside"} else None


def parts(connection: Connection) -> list[Part]:
    """All of them, the live one first.

    Raises:
        ApiError, TransportError: Elasticsearch fails.
    """
    names = connection.names
    told: Any = connection.client.indices.get(
        index=names.pattern, features="aliases,mappings,settings", filter_path=_WANTED, expand_wildcards="open,closed"
    ).body
    return sorted((_part(names, index, about) for index, about in told.items()), key=_place)


def written(names: Names, aliases: Mapping[str, Iterable[str]]) -> list[str]:
    """The indices that every write goes to, by their aliases: the live one first.

    It is empty where the alias for writing is missing, or leads elsewhere than that for reading.
    """
    held = {index: set(found) for index, found in aliases.items() if index.startswith(f"{names.prefix}documents-")}
    live = [index for index, found in held.items() if {names.read, names.write} <= found]
    others = [index for role in (names.building, names.kept) for index, found in held.items() if role in found]
    return [*live, *(index for index in others if index not in live)] if len(live) == 1 else []


def misfit(index: str, notes: Mapping[str, Any]) -> str | None:
    """Why this code cannot write to an index with such notes."""
    made = notes.get(FORMAT_NOTE)
    remedy = "run `pagemill index rebuild`"
    return None if made == FORMAT else f"{index} is of format {made}, and this version writes {FORMAT}: {remedy}"


def lacks(index: str, notes: Mapping[str, Any]) -> str | None:
    """Why an index with such notes must not be searched."""
    if notes.get(FILLING_NOTE):
        return f"{index} was being filled, and not all is in it"
    since = notes.get(ASIDE_NOTE)
    return f"{index} lacks what was written and deleted since {since}" if since else None


def was(names: Names, aliases: Iterable[str], notes: Mapping[str, Any]) -> str:
    """What an index was before aliases got lost, as far as those that are left and its notes tell."""
    filling, aside = notes.get(FILLING_NOTE), notes.get(ASIDE_NOTE)
    if filling:
        return f"being filled since {filling}"
    if aside:
        return f"aside since {aside}"
    replaced = notes.get(REPLACED_NOTE)
    if names.kept in aliases:
        return f"kept since {replaced}" if replaced else "kept"
    return f"live until {replaced}, then kept" if replaced else "live last, or made by hand"


def no_live_one(names: Names) -> str:
    """What is told where no index plays the part."""
    return f"{names.read} and {names.write} do not lead to one index; {SETUP}"


def _part(names: Names, index: str, about: Mapping[str, Any]) -> Part:
    made_ms = int(about["settings"]["index"]["creation_date"])
    notes = about.get("mappings", {}).get("_meta", {})
    aliases = frozenset(about.get("aliases", {}))
    return Part(index, _role(names, aliases), from_ms(made_ms), notes, aliases)


def _role(names: Names, aliases: Iterable[str]) -> Role:
    if names.read in aliases:
        return "live"
    if names.building in aliases:
        return "building"
    return "kept" if names.kept in aliases else "aside"


def _place(part: Part) -> tuple[int, str]:
    return _ORDER[part.role], part.name
