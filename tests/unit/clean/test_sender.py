import pytest

from shared.models.raw_page import Sent
from tests.unit.clean.pages import PARAGRAPHS, cleaned, story_html

STORY = "The bridge is closed for years\n\n" + "\n\n".join(PARAGRAPHS)
SENT = Sent(title="A title", authors=("Cy Sender",), published="2025-01-02", language="de")


@pytest.mark.parametrize("body", [STORY, story_html("<title>Bridge</title>", before="<h1>Bridge</h1>")])
def test_what_the_sender_says_wins_and_is_evidence(body: str) -> None:
    clean = cleaned(body, sent=SENT)
    assert (clean.title, clean.authors, clean.published, clean.language_hint) == (
        "A title",
        ("Cy Sender",),
        "2025-01-02",
        "de",
    )
    for name in ("title", "authors", "published", "language_hint"):
        assert (clean.evidence[name].found_in, clean.evidence[name].confidence) == ("sender", 1)


def test_what_the_sender_does_not_say_is_left_to_the_page() -> None:
    clean = cleaned(STORY, sent=Sent(language="de"))
    assert clean.title == "The bridge is closed for years"
    assert clean.evidence["title"].found_in == "page"


def test_the_pages_own_headline_is_listed_when_the_sender_has_another() -> None:
    dropped = cleaned(STORY, sent=SENT).dropped
    assert [(entry.text, entry.reason) for entry in dropped] == [("The bridge is closed for years", "headline")]


def test_the_same_headline_is_not_listed_as_dropped() -> None:
    assert cleaned(STORY, sent=Sent(title="The bridge is closed for years")).dropped == ()


def test_controls_and_line_breaks_in_what_the_sender_says_are_taken_out() -> None:
    clean = cleaned(STORY, sent=Sent(title="A\x00 \x1b[31mred\n title\ud800", authors=("  ", "A\tB")))
    assert clean.title == "A [31mred title"
    assert clean.authors == ("A B",)
