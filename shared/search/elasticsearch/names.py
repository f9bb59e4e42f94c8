"""What indices and aliases are called. Aliases lead to versioned indices, so that one can take the place of another."""

from typing import Final, NamedTuple

FIRST: Final = "000001"


class Names(NamedTuple):
    """The names under one prefix.

    `read` and `write` lead to the live one of the indices that fit `pattern`; others are told by `building` and `kept`.

    Args:
        prefix: of all of them.
        one: this index is read instead of the live one.
    """

    prefix: str
    one: str | None = None

    @property
    def read(self) -> str:
        """What documents are searched through: the alias, or one index."""
        return self.one or f"{self.prefix}documents"

    @property
    def write(self) -> str:
        """The alias of the index that is written to: without it nothing is written."""
        return f"{self.prefix}documents-write"

    @property
    def building(self) -> str:
        """The alias of an index that is being filled."""
        return f"{self.prefix}documents-building"

    @property
    def kept(self) -> str:
        """The alias of the index that was live before."""
        return f"{self.prefix}documents-kept"

    def numbered(self, number: int) -> str:
        """An index of documents."""
        return f"{self.prefix}documents-{number:06d}"

    def number(self, index: str) -> int:
        """The number of an index of documents; 0 where it has none."""
        digits = index.removeprefix(f"{self.prefix}documents-")
        return int(digits) if digits.isdecimal() else 0

    def own(self, index: str) -> str:
        """The alias that this one index is written through, whatever part it plays.

        An index could be made by a write to its name, but not by one that asks for an alias.
        """
        return f"{self.write}-{self.number(index):06d}"

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
