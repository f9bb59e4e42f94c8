"""Given what a site repeats, then cleaning leaves it out and says so, and never takes a story for it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.clean_page import CleanPage
from shared.models.raw_page import ContentType, Envelope, RawPage
from shared.sites import NO_BLOCKS, SiteBlocks, block_id
from tests.unit.clean.pages import PARAGRAPHS, story_html
from workers.clean import clean
from workers.clean.site_blocks import site_places

FRIENDS = "The Daily Example has been read by the friends of the harbour since the year it was built."
OFFICE = "Our office at the old customs house is open to all readers on every day of the week but Monday."
REASON = "site-boilerplate"
FETCHED = datetime(2026, 6, 1, tzinfo=UTC)


def known(*texts: str) -> SiteBlocks:
    return SiteBlocks(ids=frozenset(map(block_id, texts)))


def cleaned(content: str, site: SiteBlocks, content_type: ContentType = "text/html") -> CleanPage:
    envelope = Envelope(id="p", version=1, url="https://example.com/a", content_type=content_type, fetched_at=FETCHED)
    return clean(RawPage(envelope=envelope, body=content.encode()), site=site)


def html(*paragraphs: str) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<html><head><title>The bridge</title></head><body><article><h1>The bridge</h1>{body}</article></body></html>"
    )


@pytest.mark.parametrize("shape", ["text/html", "text/markdown", "text/plain"])
def test_a_block_of_the_site_goes_and_is_listed_with_its_reason(shape: ContentType) -> None:
    texts = [*PARAGRAPHS[:2], FRIENDS, *PARAGRAPHS[2:], OFFICE]
    content = html(*texts) if shape == "text/html" else "\n\n".join(texts)
    assert FRIENDS in cleaned(content, NO_BLOCKS, shape).clean.paragraphs
    page = cleaned(content, known(FRIENDS, OFFICE), shape)
    assert set(page.clean.paragraphs) == set(PARAGRAPHS)
    listed = {entry.text: entry.line for entry in page.clean.dropped if entry.reason == REASON}
    assert set(listed) == {FRIENDS, OFFICE}
    assert all(listed.values())
    assert set(page.site_blocks) == {block_id(FRIENDS), block_id(OFFICE)}


def test_a_table_of_the_site_goes_whole() -> None:
    rows = "".join(
        f"<tr><td>Our office in {city}</td><td>open from {n} to five</td></tr>" for n, city in enumerate("ABC")
    )
    content = html(*PARAGRAPHS).replace("</article>", f"<table>{rows}</table><p>{PARAGRAPHS[0]} Again.</p></article>")
    table = next(text for text in cleaned(content, NO_BLOCKS).clean.paragraphs if " | " in text)
    page = cleaned(content, known(table))
    assert table not in page.clean.paragraphs
    assert [entry.text for entry in page.clean.dropped if entry.reason == REASON] == [table]


def test_pages_are_as_before_where_the_site_repeats_nothing_of_them() -> None:
    page = story_html()
    assert cleaned(page, known(FRIENDS)) == cleaned(page, NO_BLOCKS)


def test_the_only_text_of_a_page_stays_whatever_is_known() -> None:
    page = cleaned(html(*PARAGRAPHS), known(*PARAGRAPHS))
    assert page.clean.paragraphs == PARAGRAPHS
    assert page.site_blocks == ()


def test_a_page_of_the_sites_own_words_and_a_heading_stays_whole() -> None:
    content = html("The licence", FRIENDS, OFFICE)
    assert cleaned(content, known(FRIENDS, OFFICE)).clean.text == cleaned(content, NO_BLOCKS).clean.text


def test_what_the_headline_or_the_description_says_is_the_storys() -> None:
    lead = "The bridge over the river is closed for two years while its cables are replaced one by one."
    said = (lead.removesuffix("."), "The bridge over the river is closed for two years")
    texts = [lead, *PARAGRAPHS]
    assert site_places(texts, known(lead)) == {0}
    assert [site_places(texts, known(lead), [told]) for told in said] == [frozenset(), frozenset()]


HEADINGS = ("Background", "What we found", "See also")


def test_short_headings_that_stories_share_stay_over_what_is_the_storys_own() -> None:
    texts = [HEADINGS[0], PARAGRAPHS[0], HEADINGS[1], PARAGRAPHS[1], HEADINGS[2], PARAGRAPHS[2]]
    assert site_places(texts, known(*HEADINGS)) == frozenset()


def test_a_table_of_contents_that_pages_share_stays() -> None:
    texts = ["Contents", "Introduction", "Set-up", "First steps", "Questions", *PARAGRAPHS]
    assert site_places(texts, known(*texts[:5])) == frozenset()


def test_short_blocks_go_between_longer_ones_and_behind_the_last_of_the_page() -> None:
    texts = [*PARAGRAPHS, "Advertisement", FRIENDS, "Read more", OFFICE, "Follow us", "Print"]
    gone = site_places(texts, known(FRIENDS, OFFICE, "Advertisement", "Read more", "Follow us", "Print"))
    assert [texts[place] for place in sorted(gone)] == [FRIENDS, "Read more", OFFICE, "Follow us", "Print"]


def test_case_and_a_lists_mark_make_no_other_block_and_a_number_does() -> None:
    assert block_id("- Our office is open") == block_id("12. our OFFICE is open") == block_id("> Our office is open")
    assert block_id("Rain, 12 degrees") != block_id("Rain, 13 degrees")


@given(st.lists(st.text("ab \n.", max_size=60), max_size=12), st.sets(st.integers(0, 11)))
def test_whatever_is_known_enough_is_left_or_all(texts: list[str], places: set[int]) -> None:
    site = known(*(texts[place] for place in places if place < len(texts)))
    gone = site_places(texts, site)
    assert gone <= set(range(len(texts)))
    assert all(block_id(texts[place]) in site.ids for place in gone)
    left = sum(len(text.split()) for place, text in enumerate(texts) if place not in gone)
    assert not gone or left >= 20
