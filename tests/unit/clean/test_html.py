from typing import get_args

import pytest

from tests.unit.clean.pages import PARAGRAPHS, cleaned, story_html
from workers.clean import CleanLimits
from workers.clean.reasons import REASONS, DropReason


def test_the_story_is_kept_without_menu_footer_and_comments() -> None:
    clean = cleaned(
        story_html(
            before="<nav><ul><li><a href=/>Home</a><li><a href=/sport>Sport</a></ul></nav>",
            after="<div id=comments><p>I read this twice and I do not agree with a single word of it.</p></div>"
            "<footer>© 2025 The Daily Example</footer>",
        )
    )
    assert clean.paragraphs == PARAGRAPHS
    assert clean.text == "\n\n".join(PARAGRAPHS)
    assert clean.extractor == "pagemill-html"


def test_what_is_left_out_is_listed_with_reason_and_source_line() -> None:
    page = story_html(
        before="<nav><a href=/>Home page of it</a></nav>",
        after="<form><button>Subscribe now</button></form>\n"
        "<aside><p>Another story that you may want to read</p></aside>\n"
        "<div id=comments><p>I do not agree with it</p></div>\n"
        "<footer>© 2025 The Daily Example</footer>",
    )
    dropped = {entry.text: entry for entry in cleaned(page).dropped}
    assert {text: entry.reason for text, entry in dropped.items()} == {
        "Home page of it": "navigation",
        "Subscribe now": "control",
        "Another story that you may want to read": "related",
        "I do not agree with it": "comments",
        "© 2025 The Daily Example": "boilerplate",
    }
    lines = page.split("\n")
    assert all(text in lines[(entry.line or 0) - 1] for text, entry in dropped.items())


def test_the_headline_on_the_page_is_preferred_to_what_the_head_says_with_the_sites_name() -> None:
    head = (
        "<title>Bridge closed for years - The Daily Example</title>"
        '<meta property="og:title" content="Bridge closed for years | The Daily Example">'
    )
    clean = cleaned(story_html(head, before="<h1>The Daily Example</h1><h1>The bridge is closed for years</h1>"))
    assert clean.title == "The bridge is closed for years"
    assert clean.evidence["title"].found_in == "h1"


def test_without_a_heading_the_title_loses_the_sites_name() -> None:
    head = '<title>Bridge closed - The Daily Example</title><meta property="og:site_name" content="The Daily Example">'
    clean = cleaned(story_html(head))
    assert (clean.title, clean.site_name) == ("Bridge closed", "The Daily Example")
    assert clean.evidence["title"].found_in == "title"
    assert clean.evidence["site_name"].found_in == "meta"


def test_the_headline_over_the_story_is_not_its_first_paragraph() -> None:
    page = story_html("<title>Bridge closed</title>").replace("<article>", "<article><h1>Bridge closed</h1>")
    clean = cleaned(page)
    assert clean.title == "Bridge closed"
    assert clean.paragraphs == PARAGRAPHS


def test_the_lines_under_the_headline_that_the_page_describes_itself_with_are_the_standfirst() -> None:
    said = "The council wants to save money, and drivers will have to go around."
    head = f'<meta name="description" content="{said}">'
    clean = cleaned(story_html(head, before=f"<header><h1>Bridge closed</h1><p>{said}</p></header>"))
    assert clean.standfirst == said
    assert said not in clean.paragraphs
    assert said not in [entry.text for entry in clean.dropped]


@pytest.mark.parametrize("name", ["standfirst", "article-dek", "entry-subtitle", "chapo"])
def test_the_lines_under_the_headline_that_are_named_so_are_the_standfirst(name: str) -> None:
    said = "The council wants to save money, and drivers will have to go around."
    over = f"<h1>Bridge closed</h1><p class={name}>{said}</p><div class=byline>By Ann Other</div>"
    clean = cleaned(story_html("<title>Bridge closed</title>").replace("<article>", f"<article>{over}"))
    assert clean.standfirst == said
    assert said not in clean.text
    assert said not in [entry.text for entry in clean.dropped]


def test_the_first_paragraph_is_no_standfirst_though_the_page_describes_itself_with_it() -> None:
    head = f'<title>Bridge closed</title><meta name="description" content="{PARAGRAPHS[0]}">'
    clean = cleaned(story_html(head).replace("<article>", "<article><h1>Bridge closed</h1>"))
    assert clean.standfirst is None
    assert clean.paragraphs == PARAGRAPHS


def test_a_description_that_is_not_on_the_page_is_no_standfirst() -> None:
    assert cleaned(story_html('<meta name="description" content="Written for search engines.">')).standfirst is None


def test_authors_day_and_language_are_found_with_evidence() -> None:
    head = (
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",'
        '"headline": "x", "datePublished": "2025-03-04T10:00:00Z",'
        '"author": [{"@type": "Person", "name": "Ann Other"}, {"@type": "Person", "name": "Bo Example"}]}</script>'
    )
    clean = cleaned(story_html(head))
    assert clean.authors == ("Ann Other", "Bo Example")
    assert clean.published == "2025-03-04T10:00:00Z"
    assert clean.evidence["published"].zone == "UTC"
    assert clean.language_hint == "en"
    found_in = {name: evidence.found_in for name, evidence in clean.evidence.items()}
    assert found_in | {"authors": "json-ld", "published": "json-ld", "language_hint": "html"} == found_in


def test_a_byline_in_the_page_names_the_author() -> None:
    clean = cleaned(story_html(before="<p class=byline>By <span class=author>Ann Other</span></p>"))
    assert clean.authors == ("Ann Other",)
    assert clean.evidence["authors"].found_in == "byline"


@pytest.mark.parametrize("day", ["0000-00-00", "soon", "99999999999999999999", "\x00"])
def test_a_day_that_cannot_be_is_no_date(day: str) -> None:
    clean = cleaned(story_html(f'<meta property="article:published_time" content="{day}">'))
    assert clean.published is None
    assert "published" not in clean.evidence


def test_an_undated_page_is_not_given_a_date() -> None:
    assert cleaned(story_html(after="<footer>© 2019 The Daily Example</footer>"), url=None).published is None


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("/2025/bridge", "https://news.example/2025/bridge"),
        ("//other.example/x", "https://other.example/x"),
        ("https://news.example/a?b=c", "https://news.example/a?b=c"),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
        ("ftp://news.example/a", None),
        ("http://", None),
    ],
)
def test_the_canonical_url_is_resolved_and_http_only(link: str, canonical: str | None) -> None:
    assert cleaned(story_html(f'<link rel="canonical" href="{link}">')).canonical_url == canonical


def test_a_relative_canonical_url_of_a_page_without_an_address_is_none() -> None:
    assert cleaned(story_html('<link rel="canonical" href="/2025/bridge">'), url=None).canonical_url is None


def test_pictures_have_their_role_and_addresses_are_resolved() -> None:
    page = story_html(
        '<meta property="og:image" content="https://cdn.example/lead.jpg">',
        before='<img src="/static/logo.png" alt="The Daily Example">',
        after='<aside><img src="/next_80x50.jpg"><img src="data:image/gif;base64,R0lGOD"></aside>',
    ).replace("<p>", '<p><img data-src="/bridge.jpg" src="data:image/gif;base64,R0" alt="The  bridge">', 1)
    page = page.replace("</article>", "<p>And one more paragraph of the story is here, so that it ends.</p></article>")
    images = [(image.url, image.alt, image.role) for image in cleaned(page).images]
    assert images == [
        ("https://cdn.example/lead.jpg", None, "lead"),
        ("https://news.example/bridge.jpg", "The bridge", "inline"),
        ("https://news.example/next_80x50.jpg", None, "thumbnail"),
        ("https://news.example/static/logo.png", "The Daily Example", "icon"),
    ]


def test_the_storys_own_links_are_listed_once_and_the_menus_are_not() -> None:
    linked = f'<a href="/a">{PARAGRAPHS[0]}</a>'
    page = story_html(before="<nav><a href=/menu>Menu</a></nav>").replace(PARAGRAPHS[0], linked, 1)
    page = page.replace(PARAGRAPHS[1], f'{PARAGRAPHS[1]} <a href="/a#x"></a><a href="mailto:a@b.example"></a>', 1)
    assert cleaned(page).links == ("https://news.example/a", "https://news.example/a#x")


def test_a_base_tag_moves_where_references_start() -> None:
    page = story_html('<base href="https://cdn.example/sub/">').replace("<p>", '<p><a href="x">', 1)
    assert cleaned(page).links == ("https://cdn.example/sub/x",)


def test_a_page_nested_too_deep_for_the_parser_keeps_its_text() -> None:
    page = "<div>" * 1000 + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS) + "</div>" * 1000
    clean = cleaned(f"<html><body>{page}</body></html>")
    assert clean.text.split() == " ".join(PARAGRAPHS).split()


def test_text_after_a_deep_part_is_not_lost() -> None:
    clean = cleaned(story_html(before="<div>" * 1000 + "<p>deep</p>" + "</div>" * 1000))
    assert set(PARAGRAPHS) <= set(clean.paragraphs)


def test_a_crowded_page_goes_to_the_fast_extractor() -> None:
    limits = CleanLimits(max_elements=300, max_own_elements=1000)
    page = story_html("<title>Crowded</title>", after="<span>x</span>" * 2000)
    clean = cleaned(page, limits=limits)
    assert (clean.extractor, clean.title) == ("resiliparse", "Crowded")
    assert set(PARAGRAPHS) <= set(clean.paragraphs)


def test_a_page_that_is_too_crowded_for_others_keeps_its_shapes_and_tells_what_it_drops() -> None:
    code = "".join(f"<span>def</span> <span>f{n}</span>():\n    <span>return</span> {n}\n" for n in range(4000))
    menu = "<nav><ul><li><a href=/a>First of all</a><li><a href=/b>Second of all</a></ul></nav>"
    clean = cleaned(story_html(before=menu, after=f"<pre>{code}</pre>"))
    assert clean.extractor == "pagemill-html"
    assert set(PARAGRAPHS) <= set(clean.paragraphs)
    assert "def f7():\n    return 7\n" in clean.text
    assert "First of all" in {entry.text for entry in clean.dropped}


@pytest.mark.parametrize("block", ["pre", "blockquote", "h4"])
def test_a_row_of_data_whose_cells_hold_blocks_is_one_row(block: str) -> None:
    rows = "".join(f"<tr><td>{name}</td><td><{block}>{name}(1)</{block}></td></tr>" for name in ("make", "break"))
    table = f"<table><tr><th>Call</th><th>Example</th></tr>{rows}</table>"
    clean = cleaned(story_html().replace("</p>", f"</p>{table}", 2).replace(table, "", 1))
    assert {"Call | Example", "make | make(1)", "break | break(1)"} <= {
        line for paragraph in clean.paragraphs for line in paragraph.split("\n")
    }


@pytest.mark.parametrize("gap", [" ", ""])
def test_a_row_of_networks_in_what_is_called_share_goes(gap: str) -> None:
    row = f"<div class=share-bar><span>Share</span> <a href=/f>Facebook</a>{gap}<a href=/x>X</a></div>"
    clean = cleaned(story_html(after=row))
    assert "Facebook" not in clean.text
    assert {entry.reason for entry in clean.dropped if "Facebook" in entry.text} == {"share"}


@pytest.mark.parametrize("tag", ["video", "audio", "canvas"])
def test_what_a_player_says_to_old_browsers_is_no_text(tag: str) -> None:
    clean = cleaned(story_html().replace("</p>", f"</p><{tag}>Your browser cannot play it.</{tag}>", 1))
    assert "Your browser" not in clean.text


def test_a_list_that_links_to_nothing_stays_whole_between_what_is_kept() -> None:
    items = ("200 g red lentils", "1 onion", "2 carrots", "1 tsp cumin", "Salt")
    listed = "".join(f"<li>{item}" for item in items)
    method = "<h2>Method</h2><ol><li>Rinse the lentils.<li>Chop the onion.<li>Simmer for twenty minutes.</ol>"
    recipe = f"<h1>Lentil soup</h1><p>{PARAGRAPHS[0]}</p><h2>Ingredients</h2><ul>{listed}</ul>{method}"
    nav = "<nav><a href=/>Home</a><a href=/n>News</a></nav>"
    text = cleaned(f"<html><body>{nav}<main><article>{recipe}</article></main></body></html>").text
    assert all(f"- {item}" in text for item in items)


def test_more_dropped_blocks_than_the_limit_share_entries() -> None:
    menu = "".join(f"<li><a href=/{n}>Item number {n}</a></li>" for n in range(50))
    page = story_html(before=f"<nav><ul>{menu}</ul></nav>", after="<footer>The end of it</footer>")
    clean = cleaned(page, limits=CleanLimits(max_dropped=10))
    assert len(clean.dropped) <= 10
    assert all(f"Item number {n}" in clean.dropped[0].text for n in range(50))


def test_pictures_and_links_are_bounded() -> None:
    page = story_html().replace("<p>", "<p>" + "".join(f"<a href=/{n}><img src=/{n}.png></a>" for n in range(99)), 1)
    clean = cleaned(page, limits=CleanLimits(max_images=7, max_links=5))
    assert (len(clean.images), len(clean.links)) == (7, 5)


def test_entities_and_controls_in_fields_do_not_survive() -> None:
    clean = cleaned(story_html('<title>A &amp;amp; B &#1;&#x202;</title><meta name="author" content="Ann&#0; Other">'))
    assert clean.title == "A & B Ȃ"
    assert "\x00" not in "".join(clean.authors)


def test_the_result_does_not_depend_on_what_was_cleaned_before() -> None:
    page = story_html("<title>Bridge closed</title>", after="<p>Share this story with all your friends.</p>")
    first = cleaned(page)
    for _ in range(5):
        assert cleaned(page) == first


def test_every_reason_for_leaving_out_is_explained_in_a_sentence() -> None:
    assert set(get_args(DropReason)) == set(REASONS)
    assert all(reason == reason.lower().replace(" ", "-") for reason in REASONS)
    assert all(explanation.endswith(".") and len(explanation) > 20 for explanation in REASONS.values())


def test_a_page_of_very_many_tags_is_read_without_a_parser() -> None:
    page = story_html("<TITLE>Many tags</TITLE><style>p {}</style>", after="<script>var x;</script><I>x</I>" * 500)
    clean = cleaned(page.replace("council", "coun<b>cil</b>").replace("&", "&amp;"), limits=CleanLimits(max_tags=500))
    assert (clean.extractor, clean.title) == ("pagemill-stripped", "Many tags")
    assert clean.paragraphs[:4] == PARAGRAPHS
    assert "var x" not in clean.text
