"""When a block is taken for its site's own."""

from typing import NamedTuple


class Policy(NamedTuple):
    """What has to be seen before a block is dropped, and what is remembered.

    Args:
        stories: different stories of the site that hold it, at least; one more for each ten that were there before it
            came up, four times as many at most.
        share: of the site's stories since it was first seen, at least.
        days: that a block, and a site, is remembered without being seen.
        sites: remembered at once; beyond it the one that was quiet longest goes.
    """

    stories: int = 5
    share: float = 0.3
    days: float = 30
    sites: int = 1000
