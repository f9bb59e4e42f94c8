"""A commit's files under further names: hard links, which stay when the writer deletes its own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

META: Final = "meta.json"
_PARTS: Final = ("idx", "pos", "term", "store", "fast", "fieldnorm")
"""What the engine writes for each segment. Without `pos` it would open one all the same, and find no phrase."""
_META = TypeAdapter(dict[str, Any])


class StateGone(LookupError):
    """The writer has committed since, and has deleted files of this state."""


def link_files(folder: Path, meta: bytes, into: Path) -> None:
    """Links everything that a commit consists of; no byte is copied.

    Args:
        folder: of the index.
        meta: the engine's own list, as it was at this commit.
        into: an empty folder on the same file system.

    Raises:
        StateGone: some of it is there no more.
        OSError: the file system has no hard links, or no room.
    """
    for name in _files(meta):
        try:
            os.link(folder / name, into / name)
        except FileNotFoundError:
            raise StateGone(name) from None
    (into / META).write_bytes(meta)


def _files(meta: bytes) -> Iterator[str]:
    for segment in _META.validate_json(meta)["segments"]:
        stem = segment["segment_id"].replace("-", "")
        yield from (f"{stem}.{part}" for part in _PARTS)
        if deletes := segment["deletes"]:
            yield f"{stem}.{deletes['opstamp']}.del"
