from pydantic import Field

from shared.models.frozen import Carried

MIB = 1024 * 1024


class CleanLimits(Carried):
    """How much of a page is read, and how much is kept."""

    page_max_bytes: int = Field(default=10 * MIB, ge=1)
    """Bytes; a larger page is rejected."""
    text_max_chars: int = Field(default=1_000_000, ge=1)
    """Code points of `text`; a longer one is clipped."""
    max_depth: int = Field(default=200, ge=10, le=250)
    """Levels of HTML elements; deeper tags are taken out and their text is kept. lxml stops reading at 256."""
    max_elements: int = Field(default=12_000, ge=1)
    """HTML elements; above it trafilatura is not asked, as it needs seconds."""
    max_own_elements: int = Field(default=60_000, ge=1)
    """HTML elements; above it the fast extractor is used."""
    max_weight: int = Field(default=300_000, ge=1)
    """Levels of all HTML elements together; above it trafilatura is not asked, for the same reason."""
    sure_enough: float = Field(default=0.65, ge=0, le=1)
    """Expected F1 of our own choice of an HTML page's text; below it trafilatura is asked."""
    max_tags: int = Field(default=150_000, ge=1)
    """HTML tags; above it no parser is used, as lxml needs seconds."""
    max_attributes: int = Field(default=200, ge=1)
    """Attributes of one HTML tag; a tag with more loses all, as lxml compares each with each."""
    max_attribute_chars: int = Field(default=65_536, ge=1)
    """Code points of one HTML attribute; a longer one is left out, as trafilatura needs seconds for its classes."""
    max_lines: int = Field(default=50_000, ge=1)
    """Lines of a text page that are judged one by one; a longer page is taken as it is."""
    max_line_chars: int = Field(default=200_000, ge=1)
    """Code points of one line of a text page; a page with a longer one is taken as it is."""
    max_images: int = Field(default=200, ge=0)
    max_links: int = Field(default=500, ge=0)
    max_dropped: int = Field(default=2_000, ge=0)
    """Dropped blocks listed one by one; where there are more, neighbours share an entry. 0: none is listed or
    explained, and cleaning takes a sixth less; all else is the same."""
