"""Ids of entries in Redis streams, `MS-SEQUENCE`, of which each part has 64 bits."""

from typing import Final

_MOST: Final = 2**64 - 1


def before_id(cursor: str) -> str | None:
    """The last id that may stand before this one, or None; parts that are too large stand for the largest there is."""
    ms, sequence = _parts(cursor)
    if sequence:
        return f"{ms}-{sequence - 1}"
    return f"{ms - 1}-{_MOST}" if ms else None


def after_id(cursor: str) -> str | None:
    """The first id that may stand behind this one; None where none can."""
    ms, sequence = _parts(cursor)
    if sequence < _MOST:
        return f"{ms}-{sequence + 1}"
    return f"{ms + 1}-0" if ms < _MOST else None


def _parts(cursor: str) -> tuple[int, int]:
    ms, _, sequence = cursor.partition("-")
    return min(int(ms), _MOST), min(int(sequence), _MOST)
