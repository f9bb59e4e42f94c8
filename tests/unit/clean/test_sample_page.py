"""The page the project was founded on comes out as a person would cut it."""

from pathlib import Path

import pytest

from shared.models.clean_page import Clean
from shared.models.raw_page import ContentType
from tests.unit.clean.pages import cleaned

SAMPLE = Path(__file__).parents[2] / "corpus" / "sample_page.txt"
LINES = SAMPLE.read_text("utf-8").splitlines()


@pytest.fixture(params=[None, "text/plain", "text/markdown"])
def sample(request: pytest.FixtureRequest) -> Clean:
    content_type: ContentType | None = request.param
    return cleaned(SAMPLE.read_bytes(), content_type, url=None)


def test_the_headline_is_the_title(sample: Clean) -> None:
    assert sample.title == LINES[1] == "Russia's defense industry fails to meet Russian army's needs"


def test_the_line_under_the_headline_is_the_standfirst(sample: Clean) -> None:
    assert sample.standfirst == LINES[2]


def test_the_paragraphs_are_the_eleven_of_the_story_word_for_word(sample: Clean) -> None:
    assert sample.paragraphs == tuple(LINES[3:14])


def test_the_pictures_are_listed_apart(sample: Clean) -> None:
    pictures = [line[4:-1] for line in LINES if line.startswith("![](")]
    assert [image.url for image in sample.images] == pictures
    assert {image.role for image in sample.images} == {"thumbnail"}


def test_every_other_line_is_dropped_with_its_number(sample: Clean) -> None:
    assert [(entry.line, entry.text) for entry in sample.dropped] == list(enumerate(LINES[14:], 15))


def test_each_dropped_line_has_the_reason_a_person_would_give(sample: Clean) -> None:
    reasons = [entry.reason for entry in sample.dropped]
    assert reasons == ["related", *["thumbnail"] * 3, "navigation", *["thumbnail"] * 7]


def test_nothing_is_made_up_that_the_page_does_not_say(sample: Clean) -> None:
    assert (sample.authors, sample.published, sample.site_name, sample.canonical_url) == ((), None, None, None)
    assert set(sample.evidence) == {"title", "standfirst"}
    assert sample.extractor == "pagemill-text"
    assert sample.clipped is None
