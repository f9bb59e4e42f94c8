"""RawPage to CleanPage: the order of the steps."""

from typing import Final

from shared.models.clean_page import CleanPage
from shared.models.raw_page import RawPage
from workers.clean.caches import CacheKeeper
from workers.clean.decode import decode
from workers.clean.detect import kind_of
from workers.clean.finish import finish
from workers.clean.guards import check, check_text
from workers.clean.html import clean_html
from workers.clean.limits import CleanLimits
from workers.clean.plain_text import clean_text

_DEFAULTS: Final = CleanLimits()
_CACHES: Final = CacheKeeper()


def clean(page: RawPage, limits: CleanLimits = _DEFAULTS) -> CleanPage:
    """Keeps the story of a page and says what was left out, and why.

    The same page and limits always give the same result; nothing outside is read.

    Args:
        page: as it was sent.
        limits: how much is read and kept.

    Raises:
        PageRejected: with one of `workers.clean.reasons.REJECTIONS`; trying again would not help.
    """
    check(page.body, limits)
    decoded = decode(page.body, page.envelope.charset)
    check_text(decoded)
    kind = kind_of(decoded.text, page.envelope.content_type)
    if kind == "html":
        cleaned = clean_html(decoded.text, page.envelope, limits)
        _CACHES.saw(len(page.body))
    else:
        cleaned = clean_text(decoded.text, page.envelope, limits, markdown=kind == "markdown")
    return CleanPage(envelope=page.envelope, clean=finish(cleaned, page.envelope.sent, limits.text_max_chars))
