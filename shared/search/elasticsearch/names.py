"""What indices and aliases are called. Aliases lead to versioned indices, so that one can take the place of another."""

from typing import Final, NamedTuple

FIRST: Final = "000001"


class Names(NamedTuple):
    """The names under one prefix.

    Searches read through `read`, writes go through `write`; both lead to one of the indices that fit `pattern`.
    """

    prefix: str

    @property
    def read(self) -> str:
        """The alias that documents are searched through."""
        return f"{self.prefix}documents"

    @property
    def write(self) -> str:
        """The alias that documents are written through."""
        return f"{self.prefix}documents-write"

    @property
    def pattern(self) -> str:
        """Every index of documents."""
        return f"{self.prefix}documents-0*"

    @property
    def first(self) -> str:
        """The index of documents that is made where there is none."""
        return f"{self.prefix}documents-{FIRST}"

    @property
    def archive(self) -> str:
        """The alias of raw pages, for reading and writing."""
        return f"{self.prefix}archive"

    @property
    def archive_pattern(self) -> str:
        """Every index of raw pages."""
        return f"{self.prefix}archive-0*"

    @property
    def archive_first(self) -> str:
        """The index of raw pages that is made where there is none."""
        return f"{self.prefix}archive-{FIRST}"
