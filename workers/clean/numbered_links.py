"""Links of a dump that are told at its end: `[3]Harbour` in the text, `3. https://…` in a list behind it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

_LISTED = re.compile(r"\s*(\d{1,5})\.\s+((?:https?|ftp|mailto|file|javascript|about):\S*)\s*$")
_OVER = re.compile(r"\s*(?:references|(?:visible|hidden) links:?)\s*$", re.IGNORECASE)
_MARK = re.compile(r"\[(\d{1,5})\](?=\S)")
_LINK_ENDS = re.compile(r"\s{2}|\||[.,;:!?](?:\s|$)")
_LEAST: Final = 3
_MOST_WORDS: Final = 12
_WORDS_WITHIN: Final = 2
"""Of a link that stands in a sentence."""


class NumberedLinks(NamedTuple):
    """Addresses by number, and the place of the first line of the list."""

    addresses: Mapping[str, str]
    first: int


class Unmarked(NamedTuple):
    """A line without the numbers, where it points to, and how many of its characters stand in links, about."""

    text: str
    links: tuple[str, ...]
    linked: int


def read_numbered_links(lines: list[str]) -> NumberedLinks:
    """The list at the end of a page, if there is one: three addresses or more, and numbers in the text for them."""
    addresses: dict[str, str] = {}
    first = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if listed := _LISTED.match(lines[at]):
            addresses[listed[1]] = listed[2]
        elif lines[at].strip() and not (addresses and _OVER.match(lines[at])):
            break
        if lines[at].strip():
            first = at
    marked = sum(1 for line in lines[:first] for mark in _MARK.findall(line) if mark in addresses)
    return NumberedLinks(addresses, first) if len(addresses) >= _LEAST <= marked else NumberedLinks({}, len(lines))


def unmarked(line: str, addresses: Mapping[str, str]) -> Unmarked:
    """Takes the numbers out of a line; where a link ends is not told, so it is taken to end with its clause.

    Args:
        line: one line of text.
        addresses: by number; other numbers in brackets stay.
    """
    links: list[str] = []
    linked = 0
    parts = _MARK.split(line)
    text = parts[0]
    for number, words in zip(parts[1::2], parts[2::2], strict=True):
        if address := addresses.get(number):
            links.append(address)
            clause = _LINK_ENDS.split(words, maxsplit=1)[0]
            most = _MOST_WORDS if linked or not any(map(str.isalnum, text)) else _WORDS_WITHIN
            linked += len(" ".join(clause.split()[:most]))
            text += words
        else:
            text += f"[{number}]{words}"
    return Unmarked(text, tuple(links), linked)
