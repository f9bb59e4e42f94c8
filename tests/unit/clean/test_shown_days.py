"""Days in spellings that need the page around them, and where systems keep the day that they show otherwise."""

import pytest

from tests.unit.clean.test_metadata import read, story
from workers.clean.days import day_in

HEADLINE = "<h1>Boats return</h1>"


@pytest.mark.parametrize(
    "text",
    [
        "05-Mar-2024",
        "5/March/2024",
        "Mar-05-2024",
        "2024, March 5",
        "2024-Mar-05",
        "March 5,2024",
        "March, 5 2024",
        "Mar 5 '24 at 10:10",
        "Tue Mar 5 10:10:10 EST 2024",
    ],
)
def test_a_day_is_read_as_forums_archives_and_programs_write_it(text: str) -> None:
    assert (day := day_in(f"sailor42, {text}")) is not None
    assert day.text == "2024-03-05"


@pytest.mark.parametrize("text", ["In 2023 December 5, 2024 was far", "© 2023 December 5, 2024"])
def test_a_year_before_a_whole_day_is_no_part_of_it(text: str) -> None:
    assert (day := day_in(text)) is not None
    assert day.text == "2024-12-05"


@pytest.mark.parametrize(
    ("domain", "locale", "elsewhere", "day"),
    [
        ("paper.example", "en-US", "", "2024-03-04"),
        ("paper.example", "en-GB", "", "2024-04-03"),
        ("paper.example", "fr", "", "2024-04-03"),
        ("harbour.gov", "en", "", "2024-03-04"),
        ("paper.co.uk", "en-US", "", "2024-04-03"),
        ("paper.example", "en-US", "<p>Next sailing: 25/3/2024</p>", "2024-04-03"),
        ("paper.example", "en-GB", "<p>Next sailing: 3/25/2024</p>", "2024-03-04"),
        ("paper.example", "en", "", None),
        ("paper.ca", "en-CA", "", None),
        ("paper.example", "ja", "", None),
    ],
)
def test_the_page_tells_whether_the_month_or_the_day_goes_first(
    domain: str, locale: str, elsewhere: str, day: str | None
) -> None:
    head = f'<meta http-equiv="content-language" content="{locale}">'
    body = f"{HEADLINE}<p class=post-date>Posted 3/4/2024</p>{elsewhere}"
    assert read(body, head, url=f"https://{domain}/boats").published == day


def test_a_year_of_two_digits_is_read_where_the_order_is_known() -> None:
    body = f"{HEADLINE}<p class=post-date>3/25/24</p>"
    assert read(body, '<meta property="og:locale" content="en_US">').published == "2024-03-25"
    assert read(body).published is None  # 24 may be the day, and 3 the year


@pytest.mark.parametrize(
    "shown",
    [
        "<span class=age title=2025-03-04T10:00:00Z>a year ago</span>",
        "<ago-of-post class=timestamp data-utime=1741082400>a year</ago-of-post>",
        "<div class=post-time><abbr class=published title='2025-03-04T10:00:00Z'>1 year ago</abbr></div>",
    ],
)
def test_the_moment_behind_a_span_of_time_by_the_headline_is_found(shown: str) -> None:
    found = read(f"{HEADLINE}<p>By Anna Sailor</p>{shown}")
    assert found.published == "2025-03-04T10:00:00Z"
    assert found.evidence["published"].found_in == "time"


def test_a_posting_that_only_a_program_shows_has_its_moment() -> None:
    body = f"<post-of-board created-timestamp=2025-03-04T10:00:00.000000+0000>{HEADLINE}</post-of-board>"
    assert read(body, url="https://board.example/r/boats/comments/1rjl74r/").published == "2025-03-04T10:00:00Z"


def test_what_a_builder_of_pages_calls_a_widget_may_hold_the_day() -> None:
    box = "<div class='elementor-element elementor-widget'><div class=elementor-widget-container>{}</div></div>"
    assert read(f"{HEADLINE}{box.format('<time>March 4, 2025</time>')}").published == "2025-03-04"
    assert read(f"{HEADLINE}<div class='widget recent'>March 4, 2025</div>").published is None


def test_a_day_that_is_told_as_a_change_right_before_is_not_the_first_one() -> None:
    far = "<p>" + "The harbour was quiet when the first boats came in, and nobody spoke. " * 8 + "</p>"
    body = f"{HEADLINE}{far * 2}<p><span>Updated</span> <time datetime=2025-05-01>May 1</time></p>"
    assert read(body, story(datePublished="2025-03-04")).published == "2025-03-04"
    assert read(f"{body}<p><time datetime=2025-03-02>March 2</time></p>", story()).published == "2025-03-02"


def test_a_front_page_has_no_day_of_its_own() -> None:
    head = '<meta property="article:published_time" content="2024-07-23T12:50:32+00:00">' + story(
        dateCreated="2024-07-23"
    )
    assert read(HEADLINE, head, url="https://paper.example/").published is None
    assert read(HEADLINE, head, url="https://paper.example/?p=71").published == "2024-07-23T12:50:32Z"


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2024/mar/05/boats", "2024-03-05"),
        ("news/boats-20240305", "2024-03-05"),
        ("20240305/boats", "2024-03-05"),
        ("parts/99520240305", None),
        ("parts/20249905", None),
    ],
)
def test_a_day_in_the_address_is_found_in_its_spellings(path: str, day: str | None) -> None:
    assert read(HEADLINE, url=f"https://paper.example/{path}").published == day


def test_a_moment_in_utc_is_on_the_day_that_readers_see() -> None:
    declared = story(datePublished="2025-03-05T03:10:00Z")
    shown = read(f"{HEADLINE}<p class=post-date>March 4, 2025</p>", declared)
    assert (shown.published, shown.evidence["published"].zone) == ("2025-03-04", "UTC")
    assert read(f"{HEADLINE}<p class=post-date>March 2, 2025</p>", declared).published == "2025-03-05T03:10:00Z"


def test_a_time_tag_is_on_the_day_that_it_shows() -> None:
    shown = read(f"{HEADLINE}<time datetime=2025-03-05T03:10:00Z>4 March 2025</time>")
    assert shown.published == "2025-03-04"
    posted = read(
        f"{HEADLINE}<ul><li><b>sailor42</b><time datetime=2025-03-05T03:10:00Z>4 March 2025</time></ul>",
        url="https://forum.example/threads/boats-return.12345",
    )
    assert posted.published == "2025-03-04"
