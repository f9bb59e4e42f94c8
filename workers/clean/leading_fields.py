"""Fields before a page with no sign around them: `Title: …` on lines of their own, as mail has them."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Final, NamedTuple

_MOST_LINES: Final = 60
_FIELD = re.compile(r"([A-Za-z][A-Za-z -]{0,40}):(?:[ \t]+(.*))?$")
_ENCODED: Final = "=?"
_LONGEST: Final = 2_000
"""Characters of a field that is decoded."""
_READ: Final[dict[str, str]] = {
    "title": "title",
    "headline": "title",
    "subject": "title",
    "author": "author",
    "authors": "author",
    "byline": "author",
    "from": "author",
    "date": "published",
    "published": "published",
    "published time": "published",
    "publish date": "published",
    "publication date": "published",
    "date published": "published",
    "pubdate": "published",
    "url source": "canonical",
    "source url": "canonical",
    "url": "canonical",
    "link": "canonical",
    "permalink": "canonical",
    "site": "site_name",
    "site name": "site_name",
    "publisher": "site_name",
    "description": "description",
    "summary": "description",
    "excerpt": "description",
    "language": "language",
}
"""Names of fields, and what front matter calls them."""
_PASSED_OVER: Final = frozenset(
    (
        *("to", "cc", "bcc", "reply-to", "sender", "received", "return-path", "delivered-to", "message-id"),
        *("references", "in-reply-to", "mime-version", "content-type", "content-transfer-encoding", "content-language"),
        *("precedence", "tags", "keywords", "category", "categories", "section", "image", "warning", "source"),
        *("number of pages", "word count", "reading time", "updated", "modified", "last modified"),
        *("dkim-signature", "feedback-id"),
    )
)
_PREFIXES: Final = ("x-", "list-", "arc-")
_BODY: Final = frozenset(("markdown content", "content", "text", "body"))
"""Names of what the page itself stands behind; nothing stands on their own line."""


class LeadingFields(NamedTuple):
    """The fields by the names that front matter has for them, and how many lines they take."""

    fields: dict[str, str]
    lines: int


def read_leading_fields(text: str) -> LeadingFields | None:
    """The fields that a page begins with; None unless a title is among them and a second one that is known."""
    found: list[tuple[str, str]] = []
    end, blank, body = 0, True, False
    for at, line in enumerate(text.split("\n", _MOST_LINES)[:_MOST_LINES]):
        if not line.strip():
            blank = True
            continue
        if found and not blank and line[0] in " \t":
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif (field := _FIELD.match(line.rstrip())) and _is_known(field):
            found.append((field[1].lower(), field[2] or ""))
            body = field[1].lower() in _BODY
        else:
            break
        blank, end = False, at + 1
        if body:
            break
    fields = _read(found)
    told = len({name for name, _ in found})
    return LeadingFields(fields, end) if "title" in fields and told > 1 else None


def _is_known(field: re.Match[str]) -> bool:
    name = field[1].lower()
    if name in _BODY:
        return field[2] is None
    return name in _READ or name in _PASSED_OVER or name.startswith(_PREFIXES)


def _read(found: list[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, written in found:
        value = _decoded(written).strip()
        if name == "from":
            value = parseaddr(value)[0]
        if value and (known := _READ.get(name)):
            fields.setdefault(known, value)
    return fields


def _decoded(value: str) -> str:
    """A field of a mail in words (RFC 2047)."""
    if _ENCODED not in value or len(value) > _LONGEST:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value
