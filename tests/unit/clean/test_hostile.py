"""Nothing that a page can hold makes the room hang or fall over; the timeouts guard against hanging."""

import pytest

from shared.errors import PageRejected
from shared.models.raw_page import ContentType
from shared.models.rejections import REJECTIONS
from tests.unit.clean.hostile import HTML, STORY, TEXT, html
from tests.unit.clean.pages import cleaned
from workers.clean.reasons import REASONS

pytestmark = pytest.mark.timeout(30)
KEEPS_THE_STORY = [
    "100,000 nested divs",
    "100,000 nested divs never closed",
    "100,000 nested spans",
    "100,000 nested fonts that differ",
    "nesting hidden by end tags of other names",
    "a giant attribute",
    "300,000 attributes on one tag",
    "a giant description",
    "20,000 authors",
    "JSON-LD nested deep",
    "JSON-LD that does not parse",
    "an unclosed comment",
    "a million unclosed comments",
    "a million unclosed sections",
    "an unclosed script",
    "a million unclosed scripts",
    "a million unclosed tags",
    "NULs everywhere",
    "lone surrogates",
]


def outcome(body: bytes, content_type: ContentType) -> bool:
    """Whether it ends in a clean page whose dropped blocks have their reasons, or in a named rejection."""
    try:
        clean = cleaned(body, content_type)
    except PageRejected as refusal:
        return refusal.reason in REJECTIONS
    return bool(clean.paragraphs) and all(entry.reason in REASONS for entry in clean.dropped)


@pytest.mark.parametrize("name", HTML)
def test_hostile_html_ends_in_a_clean_page_or_a_named_rejection(name: str) -> None:
    assert outcome(HTML[name](), "text/html")


@pytest.mark.parametrize("name", TEXT)
def test_hostile_text_ends_in_a_clean_page_or_a_named_rejection(name: str) -> None:
    assert outcome(TEXT[name](), "text/plain")


@pytest.mark.parametrize("name", KEEPS_THE_STORY)
def test_the_story_beside_the_bait_is_kept(name: str) -> None:
    words = cleaned(html(STORY)).text.split()
    assert cleaned(HTML[name](), "text/html").text.split()[: len(words)] == words


def test_a_million_short_lines_are_kept_up_to_the_limit() -> None:
    clean = cleaned(TEXT["1,000,000 short lines"](), "text/plain")
    assert clean.clipped is not None
    assert (clean.clipped.kept, clean.clipped.original) == (1_000_000, 4_999_999)


def test_an_entity_is_not_expanded_by_what_the_page_declares() -> None:
    assert len(cleaned(HTML["an entity bomb"](), "text/html").text) < 5_000
