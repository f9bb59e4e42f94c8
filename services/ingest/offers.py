from hashlib import sha256
from typing import NamedTuple

from fastapi import Request
from pydantic_core import to_json

from shared.intake import Page
from shared.keys import ApiKey
from shared.ledger.carried import Offer
from shared.moments import to_us
from shared.packing import pack
from shared.urls import registered_domain


class Sent(NamedTuple):
    """The request that brought a page."""

    request_id: str | None = None
    api_key: str | None = None
    """Id of the key that it came with."""
    trace: str | None = None
    """Its traceparent."""


def sent_by(request: Request, trace: str | None = None) -> Sent:
    """What the door knows of a request."""
    key: ApiKey | None = request.scope.get("api_key")
    return Sent(request.scope.get("request_id"), key.id if key else None, trace)


def offer_of(page: Page, sent: Sent) -> Offer:
    """A page as the ledger takes it.

    Args:
        page: as it was read.
        sent: what brought it.
    """
    submission, body = page
    fetched_at = submission.fetched_at
    return Offer.model_construct(
        id=submission.id,
        frame=pack(submission, body),
        content_key=content_key(page),
        fetched_us=None if fetched_at is None else to_us(fetched_at),
        url=submission.url,
        site=registered_domain(submission.canonical_url),
        source=submission.source,
        api_key=sent.api_key,
        request_id=sent.request_id,
        trace=sent.trace,
    )


def content_key(page: Page) -> str:
    """Equal for equal pages: the bytes, and everything that is said of them but when they were fetched.

    Two spellings of one URL are equal, and so are tags and metadata in another order.
    """
    submission, body = page
    said = (
        submission.canonical_url,
        submission.content_type,
        submission.charset,
        submission.source,
        submission.sent.title,
        submission.sent.authors,
        submission.sent.published,
        submission.sent.language,
        sorted(submission.tags),
        sorted(submission.metadata.items()),
    )
    digest = sha256(to_json(said))  # half the time of blake2b where the processor has instructions for it
    digest.update(body)
    return digest.hexdigest()[:32]
