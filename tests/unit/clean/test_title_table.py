"""Headlines of dumps that nothing declares: by the table of weights, and what it never takes for one."""

import pytest

from tests.unit.clean.test_plain_text import STORY
from workers.clean.headline import Declared, find_headline
from workers.clean.lines import read_lines
from workers.clean.page_shape import extent
from workers.clean.title_features import NAMES, PAGE_NAMES, Page, terms
from workers.clean.title_table import TitleTable

MENU = "Home\nNews\nHarbour\nWeather\nSports\nCulture\nLetters\nSubscribe"
FOOT = "Contact us\nTerms of use\nPrivacy policy\nOur other papers\nJobs with us"


def headline(text: str, url: str | None = None) -> str | None:
    lines = read_lines(text, 1, markdown=False)
    found = extent(lines)
    first = next((place for place in found.story if lines[place].is_prose), found.story.start)
    place = find_headline(lines, found, first, Declared(url=url))
    return None if place is None else lines[place].text


def test_the_line_that_the_story_speaks_of_is_its_headline() -> None:
    title = "Why the old bridge of the port is closed until summer"
    page = f"{MENU}\n{title}\nBy Ann Other\n{STORY}\n\n{STORY}\n{FOOT}"
    assert headline(page) == title


def test_a_headline_over_a_long_head_is_found_as_well() -> None:
    title = "Why the old bridge of the port is closed until summer"
    between = "Share this story\nPrint\nSave\nText size\n3 minutes"
    page = f"{MENU}\n{title}\n{between}\n{STORY}\n\n{STORY}\n{FOOT}"
    assert headline(page) == title


@pytest.mark.parametrize("line", ["By Ann Other, photos: Bo Stone", "Photograph: Bo Stone/Agency"])
def test_who_wrote_or_took_pictures_is_no_headline(line: str) -> None:
    assert headline(f"{line}\n{STORY}\n\n{STORY}") != line


def test_a_text_that_begins_with_its_story_has_no_headline() -> None:
    assert headline(f"{STORY}\n\n{STORY}") is None


def test_the_only_heading_of_the_first_level_is_the_headline_wherever_it_stands() -> None:
    lines = read_lines(f"{MENU}\n\n## Harbour\n\n{STORY}\n\n# Bridge to close\n\n{STORY}\n\n{STORY}", 1, markdown=True)
    found = extent(lines)
    place = find_headline(lines, found, found.story.start, Declared())
    assert place is not None
    assert lines[place].text == "Bridge to close"


def test_words_that_nothing_parts_are_told_by_pairs_of_signs() -> None:
    assert terms("旧橋は閉鎖 in 2024") == ["旧橋", "橋は", "は閉", "閉鎖", "in", "2024"]


def test_a_row_has_a_number_for_each_name() -> None:
    lines = read_lines(f"{MENU}\n{STORY}", 1, markdown=False)
    page = Page(lines, extent(lines), "old bridge")
    assert {len(page.row(place)) for place in page.places} == {len(NAMES)}
    assert len(page.page_row()) == len(PAGE_NAMES)


def test_a_table_for_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="other features"):
        TitleTable({"words": 1.0}, dict.fromkeys(PAGE_NAMES, 0.0))
