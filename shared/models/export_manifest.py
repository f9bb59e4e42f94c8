from typing import Any

from shared.models.frozen import Carried, Moment
from shared.models.search import MatchUsed, SearchWarning


class ExportManifest(Carried):
    """What tells whether an export is whole."""

    format: str
    query: dict[str, Any]
    """The parameters that it was asked for with, those left out left out."""
    match: MatchUsed
    index: str
    """The index that it was read from."""
    begun_at: Moment
    total: int
    """Documents that matched when it was begun."""
    count: int
    """Documents written so far."""
    left_out: int
    """Documents deleted meanwhile, which are not in it."""
    bytes: int
    """Written so far."""
    complete: bool
    sha256: str | None = None
    """Of all bytes, hexadecimal; None until they are complete."""
    warnings: tuple[SearchWarning, ...] = ()
