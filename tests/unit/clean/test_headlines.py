"""Headlines that say little: one word, or a title tag that puts it otherwise than the page."""

from datetime import UTC, datetime

from shared.models.clean_page import Clean
from shared.models.raw_page import Envelope, RawPage
from workers.clean import clean

_PROSE = "The moon pulls the sea, and the sea follows twice a day. Harbours keep tables of it, and sailors read them."


def cleaned(text: str) -> Clean:
    return clean(RawPage(envelope=Envelope(id="p", version=1, fetched_at=datetime.now(UTC)), body=text.encode())).clean


def page(tag: str, heading: str) -> str:
    story = f"<p>{_PROSE}</p>" * 5
    return f"<html><head><title>{tag}</title></head><body><article><h1>{heading}</h1>{story}</article></body></html>"


def test_one_word_over_a_text_is_its_headline() -> None:
    found = cleaned(f"Tides\n\n{_PROSE}")
    assert (found.title, found.dropped) == ("Tides", ())


def test_one_word_right_over_prose_without_a_blank_line_is_not() -> None:
    assert cleaned(f"Home\n{_PROSE}").title is None


def test_a_heading_that_says_a_part_of_the_title_tag_at_length_is_the_headline() -> None:
    found = cleaned(page("Harwick Courier | Bridge opens", "The old harbour bridge opens again"))
    assert found.title == "The old harbour bridge opens again"
    assert "bridge opens again" not in found.text


def test_a_heading_that_has_nothing_of_the_title_tag_is_not() -> None:
    assert cleaned(page("Bridge opens | Harwick Courier", "Subscribe to our letter")).title == "Bridge opens"
