"""What an operator is shown of an index that lies elsewhere."""

from typing import NamedTuple


class Standing(NamedTuple):
    """One index, the aliases that lead to it, and how it does."""

    aliases: tuple[str, ...]
    name: str
    health: str
    documents: int
    bytes: int
