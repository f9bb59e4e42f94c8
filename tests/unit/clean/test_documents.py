"""Text pages that are no story in prose: documents, threads, lists and products keep what is theirs."""

import pytest

from tests.unit.clean.pages import PARAGRAPHS, cleaned

README = """# fetchlib

[![Build](https://ci.example/b.svg)](https://ci.example) [Package](https://packages.example/p)

- [Install](#install)
- [Use](#use)

Fetch pages politely.

## Install

```sh
pip install fetchlib
```

## Use

* `get(url)` fetches a page
* [the manual](https://fetchlib.example/manual)

| Option | Meaning |
|--------|---------|
| `timeout` | seconds |

## Related projects

* [fetchall](https://fetchall.example), by Ann

## License

MIT
"""


def test_a_readme_is_kept_whole_but_for_badges_and_its_table_of_contents() -> None:
    clean = cleaned(README, "text/markdown")
    assert clean.title == "fetchlib"
    assert clean.paragraphs == (
        "Fetch pages politely.",
        "Install",
        "pip install fetchlib",
        "Use",
        "- get(url) fetches a page",
        "- the manual",
        "Option | Meaning\ntimeout | seconds",
        "Related projects",
        "- fetchall, by Ann",
        "License",
        "MIT",
    )
    assert {entry.reason for entry in clean.dropped} == {"navigation"}
    assert clean.standfirst is None


def test_a_recipe_is_its_ingredients_and_steps() -> None:
    recipe = (
        "Grandma baked it.",
        "Ingredients",
        "- 1 kg quark",
        "- 5 eggs",
        "Steps",
        "1. Heat the oven.",
        "Good luck!",
    )
    front = "---\ntitle: Cheesecake\nauthor: Ann Other\n---\n\n"
    marked = (line if line[0] in "-1G" else f"## {line}" for line in recipe)
    text = "\n\n".join(("# Cheesecake", *marked))
    for page in (front + text, text):
        clean = cleaned(page, "text/markdown")
        assert (clean.title, clean.paragraphs) == ("Cheesecake", recipe)


def test_the_links_and_notices_of_a_site_are_not_taken_for_a_document() -> None:
    menu = "- [News](/news)\n- [Sport](/sport)\n- [Weather](/weather)"
    end = "- [Ferry cancelled](/1)\n\nTop\n\n© 2024 The Daily Example"
    clean = cleaned(f"# The bridge\n\n{menu}\n\n{PARAGRAPHS[0]}\n\n{end}", "text/markdown")
    assert clean.paragraphs == PARAGRAPHS[:1]


THREAD = """Baking Forum
Board index
Login
My bread won't rise
Post Reply
breadlover
Posts: 12
by breadlover » Tue Mar 12, 2019 9:14 am
Hi all, I have fed my starter for two weeks and it bubbles, but my loaves come out flat as a brick.
OldMiller
by OldMiller » Tue Mar 12, 2019 10:02 am
18 degrees is cold! At that temperature you need eight to ten hours.
breadlover
by breadlover » Wed Mar 13, 2019 7:30 pm
Thank you, that did it! Nine hours with the lamp on and it doubled.
Post Reply
Who is online
Powered by phpBB
"""


def test_a_thread_is_all_its_posts_with_who_wrote_them_and_when() -> None:
    lines = THREAD.splitlines()
    clean = cleaned(THREAD, "text/plain")
    assert clean.paragraphs == tuple(lines[5:15])


def test_a_story_with_comments_under_it_is_no_thread() -> None:
    paragraphs = tuple(text.replace("Monday", f"the {day}th") for day in (5, 6, 7, 8) for text in PARAGRAPHS)
    story = "\n".join(paragraphs)
    comments = "\n".join(
        f"reader{number}\nMarch {number}, 2025 9:1{number} am\nI walk over it each day, and I like it."
        for number in (5, 6, 7)
    )
    clean = cleaned(
        f"The bridge is closed\nBy Ann Other, March 4, 2025 9:00 am\n{story}\n4 Comments\n{comments}", "text/plain"
    )
    assert clean.paragraphs == paragraphs


def test_a_list_that_is_most_of_a_page_is_kept_with_its_introduction() -> None:
    items = "\n".join(f"Name number {number} for a quiz team" for number in range(40))
    intro = "A quiz team wants a name that is short, and funny, and that nobody else has thought of."
    clean = cleaned(
        f"Home\nNews\nBlog\nShop\nForty names for a quiz team\n{intro}\n{items}\nImprint\n© 2024", "text/plain"
    )
    assert clean.paragraphs == (intro, *items.splitlines())


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("Home > Bags > Trailhead 45\nTrailhead 45 Backpack\n€129.00\n4.6 (212 reviews)\nFree delivery over €50", 1),
        ("Baking Forum\nLogin\nRegister\nMy bread won't rise\n4 posts • Page 1 of 1\nPosts: 12", 3),
        ("الرئيسية\nرياضة\nثقافة\nافتتاح مكتبة جديدة في عمّان\nبقلم: ليلى حدّاد", 3),  # noqa: RUF001  (Arabic)
        ("A bridge too old to stand\nDaily Facebook Daily X Daily Instagram Daily Youtube\nPrice from $ 41,712", 0),
    ],
)
def test_trails_counters_offers_and_rows_of_links_are_no_title(above: str, title: int) -> None:
    clean = cleaned(f"{above}\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}", "text/plain", url=None)
    assert (clean.title, clean.standfirst) == (above.splitlines()[title], None)
    assert clean.paragraphs == PARAGRAPHS[:2]


def test_the_words_of_the_address_tell_which_line_is_the_title() -> None:
    lines = "The Daily Example\nWhy the bridge over the Tees is closed\nWeather\nWhat only the best of our readers know"
    url = "https://news.example/2025/bridge-over-tees-closed-123456.html"
    clean = cleaned(f"{lines}\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}", "text/plain", url=url)
    assert clean.title == "Why the bridge over the Tees is closed"


def test_the_heading_that_opens_a_page_is_its_title_however_far_its_prose_is() -> None:
    clean = cleaned("# bridge\n\n" + "```\nx = 1\n```\n\n" * 30 + PARAGRAPHS[0], "text/markdown")
    assert clean.title == "bridge"


def test_the_first_of_many_sections_is_no_title() -> None:
    clean = cleaned(f"### Introduction\n\n{PARAGRAPHS[0]}\n\n### Use\n\n{PARAGRAPHS[1]}", "text/markdown")
    assert clean.title is None
    assert clean.paragraphs == ("Introduction", PARAGRAPHS[0], "Use", PARAGRAPHS[1])


def test_the_properties_under_a_description_belong_to_it() -> None:
    fields = ("Volume: 45 litres", "Weight: 1.35 kg", "Material: recycled nylon")
    page = "\n".join((*PARAGRAPHS[:2], *fields, "Customer reviews", "Sally Jones", "© Bags Ltd"))
    assert cleaned(page, "text/plain").paragraphs == (*PARAGRAPHS[:2], *fields)


def test_a_short_list_at_the_end_belongs_where_other_pages_are_told_by_links() -> None:
    menu = "[News](/n)\n\n[Sport](/s)\n\n# The bridge"
    end = "- 1924: built\n- 1964: widened\n\n## Related\n\n- [The ferry](/f)"
    page = f"{menu}\n\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}\n\n{end}"
    assert cleaned(page, "text/markdown").paragraphs == (*PARAGRAPHS[:2], "- 1924: built", "- 1964: widened")
