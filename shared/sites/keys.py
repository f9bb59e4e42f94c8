from typing import NamedTuple


class Keys(NamedTuple):
    """Where the memory of sites lies in Redis.

    Args:
        prefix: put before every key.
    """

    prefix: str

    @property
    def order(self) -> str:
        """Sites by when a page of theirs was last looked at, in ms."""
        return f"{self.prefix}sites:order"

    @property
    def stories(self) -> str:
        """How many stories of each site were looked at."""
        return f"{self.prefix}sites:stories"

    @property
    def figures(self) -> str:
        """Sums since the memory began."""
        return f"{self.prefix}sites:figures"

    def blocks(self, site: str) -> str:
        """What the site repeats: a packed ENTRY for each block."""
        return f"{self.prefix}sites:blocks:{site}"

    def texts(self, site: str) -> str:
        """The beginnings of these blocks."""
        return f"{self.prefix}sites:texts:{site}"

    def kept(self, site: str) -> str:
        """Blocks that somebody wants kept, with their texts; never forgotten."""
        return f"{self.prefix}sites:kept:{site}"
