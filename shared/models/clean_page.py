from typing import Literal

from pydantic import Field, computed_field

from shared.models.frozen import Carried, Published
from shared.models.raw_page import Envelope


class Image(Carried):
    """A picture of the page; `role` says what it is to the story."""

    url: str
    alt: str | None = None
    role: Literal["lead", "inline", "thumbnail", "icon", "unknown"] = "unknown"


class Dropped(Carried):
    """A block that cleaning left out, and why; `line` counts from 1, None where the page has no lines."""

    text: str
    reason: str
    line: int | None = None


class Clipped(Carried):
    """Both lengths, in code points, of a text that was cut at the limit."""

    kept: int
    original: int


class Evidence(Carried):
    """Where a value was found, and how sure that is (0 to 1).

    `zone` is a date's: `UTC`, an offset such as `+02:00`, `unknown` where the page does not say; None for other values.
    """

    found_in: str
    confidence: float = Field(ge=0, le=1)
    zone: str | None = None


class Clean(Carried):
    """CLEAN of the contract: what is kept of a page, and what was dropped."""

    title: str | None = None
    standfirst: str | None = None
    paragraphs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: Published | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    language_hint: str | None = None
    images: tuple[Image, ...] = ()
    links: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    clipped: Clipped | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    extractor: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        """The paragraphs, parted by blank lines."""
        return "\n\n".join(self.paragraphs)


class CleanPage(Carried):
    """What `clean` hands to `enrich`."""

    envelope: Envelope
    clean: Clean
    site_blocks: tuple[str, ...] = ()
    """Ids of the blocks that were left out because the site repeats them."""
