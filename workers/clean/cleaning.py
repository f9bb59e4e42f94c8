"""RawPage to CleanPage: the order of the steps."""

from typing import Final

from shared.models.clean_page import CleanPage
from shared.models.raw_page import RawPage
from shared.sites.blocks import NO_BLOCKS, SiteBlocks
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


def clean(page: RawPage, limits: CleanLimits = _DEFAULTS, site: SiteBlocks = NO_BLOCKS) -> CleanPage:
    """Keeps the story of a page and says what was left out, and why.

    The same page, limits and blocks always give the same result; nothing outside is read.

    Args:
        page: as it was sent.
        limits: how much is read and kept.
        site: what its site repeats on many pages, learnt elsewhere; it is left out.

    Raises:
        PageRejected: with one of `workers.clean.reasons.REJECTIONS`; trying again would not help.
    """
    check(page.body, limits)
    decoded = decode(page.body, page.envelope.charset)
    check_text(decoded)
    kind = kind_of(decoded.text, page.envelope.content_type)
    if kind == "html":
        cleaned, gone = clean_html(decoded.text, page.envelope, limits, site)
        _CACHES.saw(len(page.body))
    else:
        cleaned, gone = clean_text(decoded.text, page.envelope, limits, site, markdown=kind == "markdown")
    finished = finish(cleaned, page.envelope.sent, limits.text_max_chars)
    return CleanPage(envelope=page.envelope, clean=finished, site_blocks=gone)
