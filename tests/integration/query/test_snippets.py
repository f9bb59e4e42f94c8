"""Given a hit, then its snippet shows why it was found, and is safe to show anywhere."""

import re
from html import unescape

import pytest

from shared.search.tantivy import TantivyWriter
from tests.integration.query.conftest import Service, page


@pytest.fixture
def library(writer: TantivyWriter) -> None:
    """Two pages."""
    writer.index(
        [
            page("harbour", "Ships were loading grain in the harbour.", source="feed"),
            page("undated", "A recipe for bread needs grain, water and salt.", title="Bread", source="crawl"),
        ]
    )


def test_matches_are_marked_and_everything_else_is_escaped(service: Service, writer: TantivyWriter) -> None:
    hostile = 'Before <script>alert("grain")</script> & <mark>grain</mark> \u202eafter\x1b[31m <img src=x onerror=y>'
    writer.index([page("hostile", hostile, title="<b>grain</b>")])
    (hit,) = service.search(q="grain")["hits"]
    assert "<mark>grain</mark>" in hit["snippet"]
    tags = re.findall(r"<[^>]*>?", hit["snippet"])
    assert set(tags) == {"<mark>", "</mark>"}
    assert not set(hit["snippet"]) & {"\x1b", "\u202e", "\x00"}
    assert "<script>" in unescape(hit["snippet"])
    assert hit["title"] == "<b>grain</b>", "titles are text, and given as such"


@pytest.mark.usefixtures("library")
def test_snippets_can_be_left_out(service: Service) -> None:
    assert {hit["snippet"] for hit in service.search(q="grain", snippet="false")["hits"]} == {None}
    assert all("<mark>" in hit["snippet"] for hit in service.search(q="grain", snippet="true")["hits"])


@pytest.mark.usefixtures("library")
def test_without_words_a_snippet_is_how_the_text_begins(service: Service) -> None:
    (hit,) = service.search(source="feed")["hits"]
    assert hit["snippet"].startswith("Ships were loading")
