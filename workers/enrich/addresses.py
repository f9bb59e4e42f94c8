"""Where a page lives, and who publishes there."""

from urllib.parse import urljoin

from shared.models.clean_page import Clean
from shared.models.raw_page import Envelope
from shared.urls import canonical_url, registered_domain


def own_canonical(clean: Clean, envelope: Envelope) -> str | None:
    """The canonical URL that the page names, in the house's spelling; None where it names none that is one."""
    if not clean.canonical_url:
        return None
    try:
        return canonical_url(urljoin(envelope.url or "", clean.canonical_url))
    except ValueError:
        return None


def site_of(envelope: Envelope, own: str | None) -> str | None:
    """The registered domain: of where the page was fetched; only for a page without URL, of where it says it lives.

    A page can name any address as its canonical one, so that alone never moves it to another site.
    """
    return registered_domain(envelope.canonical_url or envelope.url or own)
