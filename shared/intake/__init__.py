"""What was sent, read into a page: the pure part of the front door, used by `pagemill clean` as well."""

from shared.intake.item import PageItem
from shared.intake.pages import (
    NO_DEFAULTS,
    Page,
    checked_defaults,
    kind_of_header,
    submission_from_body,
    submission_from_json,
)

__all__ = [
    "NO_DEFAULTS",
    "Page",
    "PageItem",
    "checked_defaults",
    "kind_of_header",
    "submission_from_body",
    "submission_from_json",
]
