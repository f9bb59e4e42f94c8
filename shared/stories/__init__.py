"""Which pages tell the same story. Fingerprints alone (`shared.stories.fingerprint`) load no Redis."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.stories.assigning import Stories

__all__ = ["Stories"]


def __getattr__(name: str) -> Any:
    """`Stories`, loaded when it is asked for: the pure enrich stage lives without Redis."""
    if name == "Stories":
        from shared.stories.assigning import Stories  # noqa: PLC0415  (see above)

        return Stories
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
