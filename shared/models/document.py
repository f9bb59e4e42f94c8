from typing import Literal

from pydantic import Field

from shared.models.clean_page import Clipped, Evidence, Image
from shared.models.frozen import Carried, Moment, PageId, Published, Version
from shared.models.raw_page import Scalar

Step = Literal["done", "pending", "failed"]


class Names(Carried):
    """Whom and what a page speaks of."""

    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


class Document(Carried):
    """DOCUMENT of the contract: one page as it is indexed, searched and shown."""

    id: PageId
    version: Version
    revision: int = Field(default=0, ge=0, lt=64)
    """Counts enrichments of one version; the engine's external version is version x 64 + revision."""
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    standfirst: str | None = None
    text: str
    authors: tuple[str, ...] = ()
    published: Published | None = None
    fetched_at: Moment
    indexed_at: Moment | None = None
    """Set by the index room."""
    language: str | None = None
    site: str | None = None
    publisher: str | None = None
    source: str | None = None
    tags: tuple[str, ...] = ()
    names: Names = Names()
    keywords: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    word_count: int
    reading_minutes: int
    story: str | None = None
    """The id of the first page of the story; near copies share it. Set beside enrichment, by `shared.stories`."""
    quality: tuple[str, ...] = ()
    clipped: Clipped | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    enrichment: dict[str, Step] = Field(default_factory=dict)
    metadata: dict[str, Scalar] = Field(default_factory=dict)
    fingerprint: str | None = None
    """MinHash of the text's word shingles, hexadecimal; None where there are too few words."""

    @property
    def external_version(self) -> int:
        """What the engine compares: version x 64 + revision, below 2^59."""
        return self.version * 64 + self.revision
