"""What the table takes out of a story in text, beside what the rules keep."""

import pytest

from tests.unit.clean.pages import PARAGRAPHS as FOUR
from tests.unit.clean.pages import cleaned
from workers.clean.forest import Forest, read_forest
from workers.clean.line import Line
from workers.clean.line_features import NAMES, rows
from workers.clean.second_look import TABLE, look_by
from workers.clean.verdicts import Verdict

PARAGRAPHS = tuple(f"{text} {text} {text}" for text in FOUR)
URL = "https://www.millersgate.example/news/bridge"
DEEP_IS_OUT = Forest({"features": list(NAMES), "start": 2.0, "trees": [["indent", -1.0, -4.0, 0.0]]}, NAMES)
"""A table that finds what is indented less than the prose unlikely."""


def verdicts(*texts: str) -> list[Verdict]:
    return [Verdict(Line(number, text, text.strip()), "paragraph", None) for number, text in enumerate(texts, 1)]


def feature(name: str, *texts: str) -> list[float]:
    return [row[NAMES.index(name)] for row in rows(verdicts(*texts), URL)]


def test_what_a_table_finds_unlikely_goes_with_a_reason_and_all_else_stays_as_it_was() -> None:
    seen = look_by(
        DEEP_IS_OUT,
        verdicts(
            *(f"    {text}" for text in PARAGRAPHS), "Photo by Ann Other", "Read our story on the ferry", "By Ann Other"
        ),
        URL,
    )
    assert [verdict.use for verdict in seen] == ["paragraph"] * 4 + [None] * 3
    assert [verdict.reason for verdict in seen[4:]] == ["caption", "outside-story", "byline"]


def test_a_page_that_would_lose_much_stays_as_it_was() -> None:
    before = verdicts(*(f"    {text}" for text in PARAGRAPHS), f"  {PARAGRAPHS[0]}")
    assert look_by(DEEP_IS_OUT, before, URL) == before


def test_a_table_that_finds_nothing_likely_takes_nothing() -> None:
    nothing = Forest({"features": list(NAMES), "start": -4.0, "trees": []}, NAMES)
    before = verdicts(*PARAGRAPHS)
    assert look_by(nothing, before, URL) == before


def test_properties_and_notes_of_few_words_are_not_looked_at() -> None:
    fields = verdicts(*(f"    {text}" for text in PARAGRAPHS), "Weight: 2 kg")
    note = verdicts(f"    {PARAGRAPHS[0]}", "Photo: Ann Other")
    assert look_by(DEEP_IS_OUT, fields, URL) == fields
    assert look_by(DEEP_IS_OUT, note, URL) == note


def test_a_page_that_is_mostly_no_prose_is_not_looked_at() -> None:
    before = verdicts(f"    {PARAGRAPHS[0]}", *(f"Name {number} for a team" for number in range(20)))
    assert look_by(DEEP_IS_OUT, before, URL) == before


def test_indents_are_told_from_where_most_prose_stands() -> None:
    texts = [f"    {text}" for text in PARAGRAPHS]
    assert feature("indent", *texts, "  Share", "      Advertisement") == [0, 0, 0, 0, -2, 2]
    assert feature("least_indent", *texts, "  Share", "      Advertisement")[-1] == -2


def test_a_site_is_told_by_the_longest_part_of_its_host() -> None:
    named = "Buy the Millers Gate calendar."
    assert feature("names_site", *PARAGRAPHS, named) == [0, 0, 0, 0, 1]
    assert feature("site_named_near", *PARAGRAPHS, named) == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("url", [None, "https://[broken", "https://ab.cd/x", "no address"])
def test_an_address_without_a_name_tells_none(url: str | None) -> None:
    assert not any(row[NAMES.index("names_site")] for row in rows(verdicts(*PARAGRAPHS), url))


def test_a_short_story_in_text_keeps_all_its_paragraphs() -> None:
    page = "\n".join(("Home", "News", "The bridge is closed", *PARAGRAPHS, "Imprint"))
    assert cleaned(page, "text/plain").paragraphs == PARAGRAPHS


def test_the_table_that_is_shipped_fits_the_features_that_are_read() -> None:
    assert 0 < read_forest(TABLE, NAMES).likelihood([0.0] * len(NAMES)) < 1
