"""Entity tags of documents (RFC 9110, sections 8.8.3 and 13.1.2)."""

import re

from shared.models.document import Document

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def etag_of(document: Document) -> str:
    """A strong tag: another version, or another enrichment of the same version, has another one."""
    return f'"{document.version}.{document.revision}"'


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this document already, by the weak comparison that the header asks for."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match)
