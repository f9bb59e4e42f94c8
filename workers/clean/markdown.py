"""Markdown's inline signs: pictures and links are told apart from the words, the rest is taken off."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final, NamedTuple

from workers.clean.decode import visible
from workers.clean.markdown_parts import label_of

_BRACKETS = r"(?>[^\[\]\n]++|\[[^\[\]\n]*+\])*+"
_TARGET = r"\(\s*+(<[^<>\n]*+>|[^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+)(?:\s++\"[^\"\n]*+\"|\s++'[^'\n]*+')?+\s*+\)"
IMAGE = re.compile(rf"!\[({_BRACKETS})\]{_TARGET}")
LINK = re.compile(rf"(?<!!)\[({_BRACKETS})\]{_TARGET}")
_REFERENCE = re.compile(rf"(!?)\[({_BRACKETS})\](?:\[([^\[\]\n]{{0,200}})\])?")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]++)>")
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|ins|kbd|li"
    r"|mark|ol|p|picture|pre|s|section|small|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)\b"
    r"[^<>\n]{0,500}>",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(?:[^<>-]|-(?!->)){0,500}-->")
_IMAGE_TAG = re.compile(r"<img\b([^<>\n]{0,2000})>", re.IGNORECASE)
_LINK_TAG = re.compile(r"<a\b([^<>\n]{0,2000})>([^<>\n]{0,2000})</a>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(src|alt|href)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ITSELF = re.compile(
    r"\\([\\`*_{}\[\]()#+.!|~<>-])|(?<!`)(?P<code>`++)(?!`)(?P<inside>[^\n]{1,500}?)(?<!`)(?P=code)(?!`)"
)
"""What stands for itself: a sign behind a backslash, and code."""
_STRONG = re.compile(r"(?<!\w)__(?=\S)|(?<=\S)__(?!\w)|\*\*|~~|`+")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\W_])|(?<=[^\s_])_(?!\w)")
_HELD = re.compile(r"[\ue000-\uf8ff]")
"""The signs of Unicode's private use: each stands for something that stands for itself while the rest is read."""
_FIRST_HELD: Final = 0xE000
_MOST_HELD: Final = 6400
_NONE: Final[Mapping[str, str]] = {}


class Inline(NamedTuple):
    """A line's words, and what it points to."""

    text: str
    links: tuple[str, ...]
    images: tuple[tuple[str, str], ...]
    """Each as address and words."""
    linked: int
    """Characters of the text that stand in links."""


def read_inline(line: str, *, markdown: bool, references: Mapping[str, str] = _NONE) -> Inline:
    """Parts a line's words from its pictures and links.

    Args:
        line: one line of text.
        markdown: whether signs of emphasis, escapes, tags and entities are signs, or stand for themselves.
        references: addresses that stand elsewhere on the page, by label.
    """
    held = _Held()
    if markdown:
        line = held.hold(line)
    found = _Pointers(held)
    if "](" in line:
        line = LINK.sub(found.link, IMAGE.sub(found.image, line))
    if references and "[" in line:
        line = _REFERENCE.sub(lambda match: found.reference(match, references), line)
    if markdown:
        line = held.back(_bare(found.tags(line)))
    return Inline(" ".join(line.split()), tuple(found.links), tuple(found.images), found.linked)


class _Held:
    """What stands for itself in a line, put by while the rest is read."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def hold(self, line: str) -> str:
        """The line with a sign for each such text; a line that has such signs of its own stays as it is."""
        if ("`" not in line and "\\" not in line) or _HELD.search(line):
            return line
        return _ITSELF.sub(self._put_by, line, count=_MOST_HELD)

    def back(self, line: str) -> str:
        """The texts in their places."""
        return _HELD.sub(lambda found: self._texts[ord(found[0]) - _FIRST_HELD], line) if self._texts else line

    def _put_by(self, found: re.Match[str]) -> str:
        inside = found["inside"]
        self._texts.append(found[1] if inside is None else inside)
        return chr(_FIRST_HELD + len(self._texts) - 1)


class _Pointers:
    """What a line points to, noted while it is taken out."""

    def __init__(self, held: _Held) -> None:
        self._held = held
        self.images: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.linked = 0

    def image(self, found: re.Match[str]) -> str:
        """Takes a picture out."""
        return self._image(found[2].strip("<>"), found[1])

    def link(self, found: re.Match[str]) -> str:
        """Leaves a link's words."""
        return self._linked(found[2].strip("<>"), found[1])

    def reference(self, found: re.Match[str], addresses: Mapping[str, str]) -> str:
        """The same for a link or picture whose address stands elsewhere; other brackets stay."""
        address = addresses.get(label_of(found[3] or found[2]))
        if address is None:
            return found[0]
        if found[1]:
            return self._image(address, found[2])
        return self._linked(address, found[2])

    def tags(self, line: str) -> str:
        """The same for pictures and links that are written in HTML."""
        if "<" not in line:
            return line
        line = _IMAGE_TAG.sub(self._image_tag, _COMMENT.sub("", line))
        return _AUTOLINK.sub(r"\1", _LINK_TAG.sub(self._link_tag, line))

    def _image_tag(self, found: re.Match[str]) -> str:
        given = _attributes(found[1])
        return self._image(given.get("src", ""), given.get("alt", ""))

    def _link_tag(self, found: re.Match[str]) -> str:
        address = _attributes(found[1]).get("href")
        return self._linked(address, found[2]) if address else found[2]

    def _image(self, address: str, alt: str) -> str:
        self.images.append((self._held.back(address), self._held.back(alt)))
        return ""

    def _linked(self, address: str, words: str) -> str:
        self.links.append(self._held.back(address))
        self.linked += len(self._held.back(words).strip())
        return words


def _attributes(tag: str) -> dict[str, str]:
    return {found[1].lower(): unescape(found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(tag)}


def _bare(line: str) -> str:
    """The line without markdown's signs."""
    line = _STRONG.sub("", _TAG.sub(" ", line) if "<" in line else line)
    if line.count("*") + line.count("_") > 1:
        line = _EMPHASIS.sub("", line)
    return visible(unescape(line)) if "&" in line else line
