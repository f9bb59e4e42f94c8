"""What an index's `_meta` remembers of the part it plays: aliases can get lost, and then nothing else would tell.

Aliases decide, and marks follow them. Whoever looks at the generations makes up for what was cut, or was done by other
hands. While no index is live nothing is written, so nothing is missed, and marks stay as they are.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from shared.search.elasticsearch.client import Connection
from shared.search.elasticsearch.parts import ASIDE_NOTE, FILLING_NOTE, REPLACED_NOTE, Part, written

_OF_OTHERS: Final = frozenset({FILLING_NOTE, REPLACED_NOTE, ASIDE_NOTE})
"""An index that is live bears none of these."""


def mark(connection: Connection, there: Sequence[Part], now: datetime) -> None:
    """Notes on each index what its aliases tell, where that is not noted yet.

    Args:
        connection: to the engine, as somebody who may `manage`.
        there: all indices, as they are now.
        now: since when, for what is new.

    Raises:
        ApiError, TransportError: Elasticsearch fails.
    """
    writes_to = written(connection.names, {part.name: part.aliases for part in there})
    if not writes_to:
        return
    for part in there:
        notes = _due(part, now.isoformat(timespec="seconds"), aside=part.name not in writes_to)
        if notes != part.notes:
            connection.client.indices.put_mapping(index=part.name, meta=notes)


def _due(part: Part, now: str, *, aside: bool) -> Mapping[str, Any]:
    """One that is kept and was aside before stays marked as aside: what it missed did not come later."""
    if part.role == "live":
        return {name: note for name, note in part.notes.items() if name not in _OF_OTHERS}
    if part.role == "kept":
        return {REPLACED_NOTE: now, **part.notes}
    return {ASIDE_NOTE: now, **part.notes} if aside else part.notes
