"""What `pagemill preview` shows in a terminal of 80 columns, and where nobody looks."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from services.cli.showing.cleaned import cleaned
from shared.intake import submission_from_json
from shared.packing import pack, unpack
from shared.settings import Settings
from tests.unit.cli.test_what_is_shown import FORBIDDEN, NASTY
from workers.clean import CleanLimits, clean
from workers.enrich import QUALITY, enrich

STORY = "The bridge was built of iron by Helen Marsh in London, and it grows by the width of a hand in summer. "
PAGE = f"""<html lang=en><head><title>An iron bridge</title><meta property=og:title content="An iron bridge">
<meta property="article:published_time" content="2024-05-01T09:30:00+02:00"><meta name=author content="Ann Lee">
<meta property=og:image content=https://a.example/bridge.jpg></head><body><article><h1>An iron bridge</h1>
<p>{STORY * 2}</p><p>{STORY}</p><table><tr><th>Day<th>Planned<th>Sailed<tr><td>Mon<td>4<td>0<tr><td>Tue<td>6<td>6
</table><p>{STORY}</p><pre><code>def sail(day):
    if day.calm:
        return "sailed"
</code></pre><p>{STORY}</p><ul><li>A lamp<li>{STORY}</ul><p>{STORY * 2}</p></article>
<nav><a href=/a>All the news there is</a></nav></body></html>"""
CLEAN: dict[str, Any] = {
    "title": "A title",
    "standfirst": None,
    "paragraphs": ["A text."],
    "images": [],
    "dropped": [],
    "clipped": None,
    "extractor": "x",
}
DOCUMENT: dict[str, Any] = {
    "title": "A title",
    "evidence": {},
    "names": {},
    "enrichment": {},
    "quality": [],
    "word_count": 2,
    "reading_minutes": 1,
}


def shown(clean_told: dict[str, Any], document: dict[str, Any], *, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)
    console.print(cleaned(clean_told, document))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


@pytest.fixture(scope="module")
def told() -> tuple[dict[str, Any], dict[str, Any]]:
    submission, body = submission_from_json(
        {"content": PAGE, "url": "https://a.example/b"}, Settings(), now=datetime.now(UTC)
    )
    page = unpack(pack(submission, body), int(datetime(2024, 6, 1, tzinfo=UTC).timestamp() * 1_000_000))
    made = clean(page, CleanLimits(page_max_bytes=2**20, text_max_chars=2**20))
    return made.clean.model_dump(mode="json"), enrich(made).model_dump(mode="json")


def test_tables_stand_row_by_row_and_code_with_its_lines_and_indents(told: tuple[Any, Any]) -> None:
    assert "\n\nDay | Planned | Sailed\nMon | 4 | 0\nTue | 6 | 6\n\n" in shown(*told)
    assert '\n\ndef sail(day):\n    if day.calm:\n        return "sailed"\n\n' in shown(*told)


def test_a_list_stands_together_and_a_long_item_goes_on_where_its_words_begin(told: tuple[Any, Any]) -> None:
    assert "\n\n- A lamp\n- The bridge was built of iron by Helen Marsh in London" in shown(*told)
    after = shown(*told).split("- The bridge")[1].splitlines()[1]
    assert after.startswith("  ")
    assert after.strip()


def test_no_line_is_wider_than_the_terminal_or_ends_in_spaces(told: tuple[Any, Any]) -> None:
    for width in (80, 40):
        assert [
            line for line in shown(*told, width=width).splitlines() if len(line) > width or line.endswith(" ")
        ] == []


def test_without_a_terminal_the_text_is_word_by_word_what_is_kept(told: tuple[Any, Any]) -> None:
    text = shown(*told, width=100_000)
    assert [each for each in told[0]["paragraphs"] if each not in text] == []
    assert max(map(len, text.splitlines())) < 1_000


def test_each_value_says_where_it_was_found_and_how_sure_that_is(told: tuple[Any, Any]) -> None:
    lines = shown(*told, width=200).splitlines()
    assert "authors         Ann Lee  (meta, sure .85)" in lines
    assert any(
        line.startswith("published       2024-05-01T07:30:00Z  (meta, sure .") and "time zone +02:00" in line
        for line in lines
    )
    assert any(line.startswith("language        en  (") and ", sure " in line for line in lines)
    assert "people          Helen Marsh" in lines
    assert "places          London" in lines
    assert any(line.startswith("keywords        ") and "bridge" in line for line in lines)


def test_pictures_have_their_roles(told: tuple[Any, Any]) -> None:
    assert "pictures        lead  https://a.example/bridge.jpg" in shown(*told)


def test_flags_are_told_in_words() -> None:
    document = {**DOCUMENT, "quality": ["undated", "short-text", "of-a-later-release"]}
    text = " ".join(shown(CLEAN, document).split())
    assert f"flags undated {QUALITY['undated']} short-text {QUALITY['short-text']} of-a-later-release" in text


def test_what_was_cut_and_steps_that_failed_are_told() -> None:
    text = shown(
        {**CLEAN, "clipped": {"kept": 1000, "original": 2500}}, {**DOCUMENT, "enrichment": {"names": "failed"}}
    )
    assert "length          2 words, 1 minute to read; 1,000 of 2,500 characters are kept" in text
    assert "steps           names: failed" in text


def test_a_page_that_says_nothing_of_itself_is_shown() -> None:
    assert shown({**CLEAN, "title": None}, {**DOCUMENT, "title": None}).startswith("(no title)\n\nA text.\n")


def test_no_value_steers_the_terminal() -> None:
    hostile = dict.fromkeys(
        ("title", "standfirst", "published", "publisher", "canonical_url", "site", "language"), NASTY
    )
    evidence = {"title": {"found_in": NASTY, "confidence": 0.5, "zone": NASTY}}
    document = {**DOCUMENT, **hostile, "authors": [NASTY], "keywords": [NASTY], "evidence": evidence}
    document |= {"names": {"people": [NASTY]}, "enrichment": {NASTY: NASTY}, "quality": [NASTY]}
    lines = [f"- {NASTY}\n{NASTY}", f"> {NASTY}"]
    images = [{"url": NASTY, "alt": NASTY, "role": NASTY}]
    text = shown({**CLEAN, "paragraphs": lines, "images": images, "extractor": NASTY}, document, width=100_000)
    assert not set(text) & FORBIDDEN
    assert "[bold]no markup[/bold] :smile:" in text
