from typing import Literal

from pydantic import Field

from shared.models.frozen import Carried, Moment, PageId, Published, Version

ContentType = Literal["text/html", "text/markdown", "text/plain"]
Scalar = str | int | float | bool | None


class Sent(Carried):
    """What the sender says of a page; it wins over what the page says of itself."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    language: str | None = None


class Submission(Carried):
    """What is known of a page at the door, without reading it."""

    id: PageId
    url: str | None = None
    canonical_url: str | None = None
    content_type: ContentType | None = None
    """As declared; None: to be detected."""
    charset: str | None = None
    """From the Content-Type header, or `utf-8` when the page came as text inside JSON."""
    fetched_at: Moment | None = None
    """None: when it was accepted."""
    source: str | None = None
    sent: Sent = Sent()
    tags: tuple[str, ...] = ()
    metadata: dict[str, Scalar] = Field(default_factory=dict)


class Envelope(Submission):
    """A submission that has been accepted; it goes with the page through every room."""

    version: Version
    fetched_at: Moment


class RawPage(Carried):
    """One page as it was sent."""

    envelope: Envelope
    body: bytes
