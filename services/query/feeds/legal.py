"""Text that every reader can take: without what XML cannot carry, and without what turns the direction of text."""

import re
from typing import Final
from xml.etree.ElementTree import Element

_UNFIT: Final = re.compile(
    "[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""Not in XML 1.0 (section 2.2) or discouraged there, halves of surrogate pairs, and marks that turn text around."""
_SPACES: Final = re.compile(r"\s+")


def legal(text: str) -> str:
    """The text without characters that no feed may have."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    """The same on one line."""
    return _SPACES.sub(" ", legal(text)).strip()


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """Adds an element whose text and attributes XML can carry."""
    child = Element(name, {key: legal(value) for key, value in attributes.items()})
    child.text = None if text is None else legal(text)
    parent.append(child)
    return child
