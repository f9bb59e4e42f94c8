"""Whom and what a page speaks of."""

from shared.models.document import Names
from workers.enrich.names.finding import find_names

__all__ = ["find_names", "names_of"]


def names_of(title: str | None, standfirst: str | None, text: str, language: str | None) -> Names:
    """The names of an English page; none are looked for in other languages."""
    if language != "en":
        return Names()
    return find_names("\n".join(filter(None, (title, standfirst, text))))
