"""Pages on which one small thing is odd: what is right about them is still read."""

import pytest

from shared.errors import PageRejected
from tests.unit.clean.pages import PARAGRAPHS, SENTENCE, cleaned

SHORT = tuple(SENTENCE.replace("two", str(years)).replace("on Monday ", "").strip() for years in range(10, 20))


def article(inside: str, *, head: str = "<title>The old bridge is closed</title>") -> str:
    return f"<html><head>{head}</head><body><article><h1>The old bridge is closed</h1>{inside}</article></body></html>"


@pytest.mark.parametrize("quotes", [2, 4, 6])
def test_one_broken_byte_leaves_a_page_the_character_set_that_it_names(quotes: int) -> None:
    told = [
        text.replace("The council", "The town\u2019s council") if n < quotes else text for n, text in enumerate(SHORT)
    ]
    head = "<meta charset=utf-8><title>The old bridge is closed</title>"
    page = article("".join(f"<p>{text}</p>" for text in told), head=head)
    body = page.encode().replace(b"old bridge over", b"old\xa0 bridge over", 1)
    clean = cleaned(body, "text/html", charset="utf-8")
    assert clean.text.count("town\u2019s") == quotes
    assert "Ô" not in clean.text


@pytest.mark.parametrize(
    "other",
    [
        "<figure><img src=/a.jpg><figcaption>2 May 2020</figcaption></figure>",
        "<blockquote class=twitter-tweet><p>We keep it!</p>Ruth <a href=//x.example/1>March 3, 2025</a></blockquote>",
    ],
)
def test_the_day_of_a_caption_or_of_words_of_others_is_not_the_storys(other: str) -> None:
    told = [f"<p>{text}</p>" for text in SHORT]
    assert cleaned(article("".join((*told[:8], other, *told[8:]))), "text/html").published is None


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Aldmoor Post", "<h1>Aldmoor Post</h1>"),
        ("Aldmoor Post", "<a href=/>Aldmoor Post</a>"),
        ("Aldmoor Post - News from the coast", "<h1><a href=/>Aldmoor Post</a></h1>"),
    ],
)
def test_a_front_page_that_is_called_as_its_site_is_has_that_name(title: str, heading: str) -> None:
    story = "".join(f"<h2><a href=/{n}>{text}</a></h2><p>{text}</p>" for n, text in enumerate(PARAGRAPHS))
    page = f"<html><head><title>{title}</title></head><body>{heading}<main>{story}</main></body></html>"
    clean = cleaned(page, "text/html", url="https://aldmoorpost.example/")
    assert clean.site_name == "Aldmoor Post"
    assert clean.title
    assert clean.title in title


@pytest.mark.parametrize(
    "written",
    ["Tuesday, March 4th, 2025 at 10:05am", "Tue, 4 March 2025", "Tuesday 4 March 2025, 10.05", "4 March 2025"],
)
def test_a_day_with_its_weekday_and_clock_by_itself_is_the_storys(written: str) -> None:
    told = "".join(f"<p>{text}</p>" for text in SHORT)
    assert cleaned(article(f"<p>{written}</p>{told}"), "text/html").published == "2025-03-04"


def test_a_feed_that_nobody_calls_so_is_read_without_its_tags() -> None:
    item = f"<item><title>The bridge</title><description>{SHORT[0]}</description></item>"
    clean = cleaned(
        f'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Post</title>{item}</channel></rss>', url=None
    )
    assert SHORT[0] in clean.text
    assert "<" not in clean.text


def test_a_frameset_has_no_text() -> None:
    with pytest.raises(PageRejected, match="no-text"):
        cleaned("<frameset cols=1><frame src=/a.html></frameset>", url=None)
