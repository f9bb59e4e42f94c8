"""What sites repeat on their pages. What is pure of it (`blocks`) loads no Redis."""

from typing import TYPE_CHECKING, Any

from shared.sites.blocks import NO_BLOCKS, SiteBlocks, block_id

if TYPE_CHECKING:
    from shared.sites.learning import Sites

__all__ = ["NO_BLOCKS", "SiteBlocks", "Sites", "block_id"]


def __getattr__(name: str) -> Any:
    """`Sites`, loaded when it is asked for: the pure clean stage lives without Redis."""
    if name == "Sites":
        from shared.sites.learning import Sites  # noqa: PLC0415  (see above)

        return Sites
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
