"""HTML, markdown or plain text: what a page is, whatever it is called."""

import re
from typing import Final, Literal

from shared.models.raw_page import ContentType

Kind = Literal["html", "markdown", "text"]

_DECLARED: Final[dict[ContentType, Kind]] = {"text/html": "html", "text/markdown": "markdown", "text/plain": "text"}
_SAMPLE = 65_536
_DOCUMENT = re.compile(
    r"\s*+(?:<\?xml[^<>]{0,200}>\s*+|<!--[^<>]{0,2000}-->\s*+)*+<(?:!doctype\s++html|html|head|body|frameset|rss|feed)\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\s*+<(?:div|p|article|section|main|table|ul|ol|h[1-6]|header|nav|title|meta|span|a)\b[^<>]{0,500}>", re.IGNORECASE
)
_BLOCK_TAG = re.compile(
    r"</?(?:div|p|article|section|main|table|tr|td|ul|ol|li|h[1-6]|header|nav|body|html)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?:div|p|article|section|main|table|tr|td|ul|ol|li|h[1-6]|header|nav|body|html)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z!/]")
_MARKDOWN = (
    re.compile(r"^ {0,3}#{1,6} \S", re.MULTILINE),
    re.compile(r"\A\s{0,8}# \S[^\n]{0,300}\n\n|\n\n#{2,6} \S[^\n]{0,300}\n\n"),
    re.compile(r"!\[[^\[\]\n]{0,500}\]\("),
    re.compile(r"(?<!!)\[[^\[\]\n]{1,500}\]\([^\s()]{1,500}"),
    re.compile(r"(?<![\w*])\*\*[^\s*][^*\n]{0,300}\*\*"),
    re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE),
    re.compile(r"\A\s{0,8}---\n[\w:.-]{1,80}: "),
    re.compile(r"^ {0,3}[-*+] \S", re.MULTILINE),
)


def kind_of(text: str, declared: ContentType | None) -> Kind:
    """What a page is read as.

    A declared type holds, with two exceptions where it is plainly wrong: a whole HTML document sent as text or
    markdown is HTML, and "HTML" without a single tag is text. Markdown sent as plain text is read as markdown when
    it shows two of its signs, as dumps of pages are seldom labelled.

    Args:
        text: the decoded page.
        declared: the content type it came with; None when it had none.
    """
    head = text[:_SAMPLE]
    declared_kind = _DECLARED[declared] if declared else None
    if _DOCUMENT.match(head):
        return "html"
    if declared_kind == "html" and _TAG.search(text):
        return "html"
    if declared_kind is None and _is_fragment(head):
        return "html"
    return "markdown" if declared_kind == "markdown" or _markdown_signs(head) >= 2 else "text"


def _is_fragment(head: str) -> bool:
    """Whether it is HTML without the outer tags: it opens with a block, or has one for each few lines."""
    blocks = len(_BLOCK_TAG.findall(head))
    return (blocks >= 2 and bool(_OPENING.match(head))) or blocks * 4 > max(24, head.count("\n"))


def _markdown_signs(head: str) -> int:
    return sum(1 for sign in _MARKDOWN if sign.search(head))
