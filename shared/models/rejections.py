"""Why cleaning refuses a whole page."""

from typing import Final, Literal

Rejection = Literal["page-too-large", "empty-page", "binary-content", "nested-too-deep", "no-text"]

REJECTIONS: Final[dict[Rejection, str]] = {
    "page-too-large": "The page has more bytes than PAGEMILL_PAGE_MAX_BYTES allows.",
    "empty-page": "The page holds nothing but white space and control characters.",
    "binary-content": "The bytes are no text: a PDF, a picture, an archive or another binary format.",
    "nested-too-deep": "The HTML is nested too deep to be read, even after the deepest tags were taken out.",
    "no-text": "The page was read, but no text is left when menus, pictures and markup are taken away.",
}
"""Name to explanation. Each becomes a dead letter at once; docs/reasons.md lists them."""
