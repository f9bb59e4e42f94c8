"""Markdown's inline signs: pictures and links are told apart from the words, the rest is taken off."""

import re
from html import unescape
from typing import NamedTuple

from workers.clean.decode import visible

_BRACKETS = r"(?>[^\[\]\n]++|\[[^\[\]\n]*+\])*+"
_TARGET = r"\(\s*+(<[^<>\n]*+>|[^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+)(?:\s++\"[^\"\n]*+\"|\s++'[^'\n]*+')?+\s*+\)"
IMAGE = re.compile(rf"!\[({_BRACKETS})\]{_TARGET}")
LINK = re.compile(rf"(?<!!)\[({_BRACKETS})\]{_TARGET}")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]++)>")
_TAG = re.compile(
    r"</?(?:a|b|br|del|div|em|i|ins|mark|p|s|small|span|strong|sub|sup|u)\b[^<>\n]{0,500}>", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|~<>-])")
_STRONG = re.compile(r"(?<!\w)__(?=\S)|(?<=\S)__(?!\w)|\*\*|~~|`+")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\W_])|(?<=[^\s_])_(?!\w)")
_ESCAPED_AS = "\ue000"
"""Stands for a backslash-escaped sign while the unescaped ones are taken off: one of Unicode's private use."""


class Inline(NamedTuple):
    """A line's words, and what it points to."""

    text: str
    links: tuple[str, ...]
    images: tuple[tuple[str, str], ...]
    """Each as address and words."""
    linked: int
    """Characters of the text that stand in links."""


def read_inline(line: str, *, markdown: bool) -> Inline:
    """Parts a line's words from its pictures and links.

    Args:
        line: one line of text.
        markdown: whether signs of emphasis, escapes, tags and entities are signs, or stand for themselves.
    """
    images: list[tuple[str, str]] = []
    links: list[str] = []
    linked = 0

    def image(found: re.Match[str]) -> str:
        images.append((found[2].strip("<>"), found[1]))
        return ""

    def link(found: re.Match[str]) -> str:
        nonlocal linked
        links.append(found[2].strip("<>"))
        linked += len(found[1].strip())
        return found[1]

    if "](" in line:
        line = LINK.sub(link, IMAGE.sub(image, line))
    if markdown:
        line = _bare(_AUTOLINK.sub(r"\1", line))
    return Inline(" ".join(line.split()), tuple(links), tuple(images), linked)


def _bare(line: str) -> str:
    """The line without markdown's signs."""
    escaped: list[str] = []

    def put_by(found: re.Match[str]) -> str:
        escaped.append(found[1])
        return _ESCAPED_AS

    if "\\" in line and _ESCAPED_AS not in line:
        line = _ESCAPED.sub(put_by, line)
    line = _STRONG.sub("", _TAG.sub(" ", line) if "<" in line else line)
    if line.count("*") + line.count("_") > 1:
        line = _EMPHASIS.sub("", line)
    if escaped:
        signs = iter(escaped)
        line = re.sub(_ESCAPED_AS, lambda _: next(signs), line)
    return visible(unescape(line)) if "&" in line else line
