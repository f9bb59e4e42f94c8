# ruff: noqa: E501, ISC004, RUF001  (pieces of pages read best in one line)
"""What sites put into the middle of their stories goes, with its reason; what only looks like it stays."""

import pytest

from shared.models.clean_page import Clean
from tests.unit.clean.pages import PARAGRAPHS, SENTENCE, cleaned, rejection

STORY = tuple(SENTENCE.replace("two", str(number)).strip() for number in range(2, 14))


def with_inside(inside: str, *, url: str = "https://news.example/2025/story") -> Clean:
    """A story with something in its middle."""
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in STORY[:6])
    rest = "".join(f"<p>{paragraph}</p>\n" for paragraph in STORY[6:])
    story = f"<article><h1>Bridge closed</h1><div class=article-body>{text}{inside}{rest}</div></article>"
    page = f"<html><head><title>Bridge closed</title></head><body><main>{story}</main></body></html>"
    return cleaned(page, "text/html", url=url)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<div class=share><a href=//f.example>Share on Facebook</a> <a href=//t.example>Tweet</a></div>", "share"),
        ("<p>Share this: <a href=//f.example>Facebook</a> | <a href=//x.example>X</a></p>", "share"),
        ("<div class=social-bar><a href=//f.example>Teilen</a> <a href=//x.example>Twittern</a></div>", "share"),
        (
            "<div class=newsletter><h3>Sign up to our morning briefing</h3><p>Get the news that matters every day.</p></div>",
            "subscription",
        ),
        ("<aside class=inline-newsletter><p>Every Friday the stories of the coast in your inbox.</p></aside>", "subscription"),
        ("<div class=paywall><p>Dieser Artikel ist nur für Abonnenten.</p><a>Jetzt abonnieren</a></div>", "subscription"),
        ("<div><p>Il vous reste 78 % de cet article à lire.</p><p>La suite est réservée aux abonnés.</p></div>", "subscription"),
        ("<div class=regwall><p>この記事は有料会員限定です。登録すると続きをお読みいただけます。</p></div>", "subscription"),
        ("<div id=cookie-notice><p>We use cookies to make this site work.</p></div>", "consent"),
        ("<div><p>Utilizamos cookies propias y de terceros para mejorar nuestros servicios.</p></div>", "consent"),
        ("<p><strong>Read more: <a href=/1>Harbour fees to rise by a fifth</a></strong></p>", "related"),
        ("<p>ALSO READ | <a href=/1>Harbour fees to rise by a fifth</a></p>", "related"),
        ("<p>À lire aussi <a href=/1>Les dockers en grève au port</a></p>", "related"),
        ("<p>相关阅读：<a href=/1>港口费用将上涨五分之一</a></p>", "related"),
        ("<aside class=related><h3>Read more</h3><ul><li><a href=/1>Harbour fees to rise</a></ul></aside>", "related"),
        ("<h4>Lesen Sie auch</h4><ul><li><a href=/1>Gebühren im Hafen steigen</a></li></ul>", "related"),
        (
            "<section class=more-stories><h2>More from News</h2><div><a href=/2><h3>Island school wins prize</h3></a>"
            "<p>Its garden grows food for the whole village.</p></div></section>",
            "related",
        ),
        ("<div class=ad><span>Advertisement</span></div>", "boilerplate"),
        ("<p>Anzeige</p>", "boilerplate"),
        ("<p>© 2025 The Daily Example, all rights reserved</p>", "boilerplate"),
        ("<div class=tags>Tags: <a href=/t/b>bridges</a>, <a href=/t/h>harbour</a></div>", "navigation"),
        (
            "<div class=author-bio><h4>About the author</h4><p>Ann Other is the harbour correspondent.</p></div>",
            "byline",
        ),
    ],
)  # fmt: skip
def test_what_a_site_puts_into_a_story_goes_with_its_reason(inside: str, reason: str) -> None:
    clean = with_inside(inside)
    assert clean.paragraphs == STORY
    assert {entry.reason for entry in clean.dropped} == {reason}


@pytest.mark.parametrize(
    "inside",
    [
        f"<div class=content-share-x><p>{PARAGRAPHS[0]}</p></div>",
        f"<div class=newsletter-content><p>{PARAGRAPHS[0]}</p></div>",
        "<div class=related-work><h2>Related work of the engineers</h2><p>They have built bridges, and tunnels, too.</p></div>",
        "<p>Sign up for the course was closed on Monday, when all its places had been taken.</p>",
        "<p>Read more slowly, the teacher says to her class, and you will know what it means.</p>",
        "<h2>Cookies and how to bake them</h2><p>The cookie policy of the bakery is that there is always one more.</p>",
        "<p>The <a href=/r>full report</a> is to be read by all who are for the bridge.</p>",
        "<h2 id=which-newsletter-and-subscription-to-choose>Which subscription to choose</h2><p>We have read them all.</p>",
    ],
)  # fmt: skip
def test_a_paragraph_of_the_story_stays_whatever_the_element_around_it_is_called(inside: str) -> None:
    clean = with_inside(inside)
    assert len(clean.paragraphs) > len(STORY)
    assert not clean.dropped


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>{}</p>",
        "<div hidden><p>{}</p></div>",
        "<div class='note hidden'><p>{}</p></div>",
        "<dialog><p>{}</p></dialog>",
        "<p>Read on.<span style='display:none'>{}</span></p>",
    ],
)
def test_what_a_page_hides_from_its_readers_goes(hidden: str) -> None:
    clean = with_inside(hidden.format("Nobody can see that this sentence is in the page at all."))
    assert "Nobody can see" not in clean.text
    assert [(entry.reason, entry.text[:14]) for entry in clean.dropped] == [("hidden", "Nobody can see")]


@pytest.mark.parametrize(
    "shown",
    [
        "<div aria-hidden=true><p>{}</p></div>",
        "<div class='hidden md:block'><p>{}</p></div>",
        "<div hidden=until-found><p>{}</p></div>",
        "<div class=tab-panel style='display:none'><p>{}</p></div>",
    ],
)
def test_what_is_shown_or_opens_when_a_reader_asks_for_it_stays(shown: str) -> None:
    assert "Everybody can see" in with_inside(shown.format("Everybody can see that this sentence is here.")).text


def test_answers_that_open_stay_though_the_page_hides_them() -> None:
    answers = "".join(f"<h3>What is {n}?</h3><div class='hidden x'><p>{p}</p></div>" for n, p in enumerate(PARAGRAPHS))
    assert all(paragraph in with_inside(answers).text for paragraph in PARAGRAPHS)


def test_a_page_that_only_asks_for_scripts_has_no_text() -> None:
    page = "<html><head><title>My App</title></head><body><noscript>{}</noscript><div id=root></div></body></html>"
    assert rejection(page.format("You need to enable JavaScript to run this app."), "text/html") == "no-text"
    assert rejection(page.format("Bitte JavaScript aktivieren, um fortzufahren."), "text/html") == "no-text"


def test_a_page_about_cookies_keeps_what_it_says_of_them() -> None:
    told = "".join(
        f"<h2>Part {n}</h2><p>We use cookies to remember thing {n} of those who visit us.</p>" for n in range(9)
    )
    page = f"<html><head><title>Cookie policy</title></head><body><main>{told}</main></body></html>"
    assert cleaned(page, "text/html").text.count("We use cookies") == 9


def test_a_forum_keeps_posts_without_signatures_and_buttons() -> None:
    posts = "".join(
        f"<div class=post><h3>Reader {n}</h3><div class=content><p>{paragraph}</p></div>"
        "<div class=signature>Life is too short for bad bridges</div><a href=/q>Quote</a></div>"
        for n, paragraph in enumerate(STORY)
    )
    page = f"<html><head><title>Bridge?</title></head><body><h1>Bridge?</h1>{posts}</body></html>"
    clean = cleaned(page, "text/html", url="https://talk.example/forum/threads/bridge.7/")
    assert all(paragraph in clean.text for paragraph in STORY)
    assert "too short" not in clean.text
    assert "Quote" not in clean.text
    assert "signature" in {entry.reason for entry in clean.dropped}


def test_a_forum_says_nothing_of_its_software_between_the_posts() -> None:
    posts = "".join(f"<div class=post><h3>Reader {n}</h3><p>{paragraph}</p></div>" for n, paragraph in enumerate(STORY))
    bar = "<div><a href=/p>Post Reply</a> <span>4 posts • Page 1 of 1</span></div>"
    end = "<h3>Who is online</h3><p>Users browsing this forum: No registered users and 1 guest</p>"
    page = f"<html><head><title>Bridge?</title></head><body><h1>Bridge?</h1>{bar}{posts}{bar}{end}</body></html>"
    clean = cleaned(page, "text/html", url="https://talk.example/forum/viewtopic.php?t=7")
    assert all(paragraph in clean.text for paragraph in STORY)
    assert not [said for said in ("Post Reply", "Who is online", "registered users") if said in clean.text]


def test_a_product_keeps_price_and_properties_and_neither_reviews_nor_delivery() -> None:
    said = "It is made for people who walk for three days and carry everything that they need themselves. " * 3
    clean = cleaned(
        "<html><head><title>Backpack</title><meta property=og:type content=product></head><body><main><h1>Backpack</h1>"
        "<div class=price>€129.00</div><p class=delivery>Free delivery on orders over €50. Returns within 30 days.</p>"
        f"<div class=description><h2>Description</h2><p>{said}</p><p>{said[:190]}</p>"
        "<ul><li>Volume: 45 litres</li><li>Weight: 1.35 kg</li></ul></div>"
        "<div class=specs><h2>Specifications</h2><table><tr><th>Material</th><td>nylon</td></tr></table></div>"
        "<div class=reviews><h2>Customer reviews</h2><div class=review><b>Pim</b><p>The zips are a bit stiff when they "
        "are new, and I have never felt it on my shoulders in the mountains.</p></div></div></main></body></html>",
        "text/html",
        url="https://shop.example/p/backpack",
    )
    kept = ("€129.00", "Description", "- Volume: 45 litres", "- Weight: 1.35 kg", "Specifications", "Material | nylon")
    assert [text for text in kept if text not in clean.paragraphs] == []
    assert "zips" not in clean.text
    assert "delivery" not in clean.text


def test_a_home_page_keeps_its_smaller_sections_and_not_its_frame() -> None:
    parts = "".join(f"<div><h3>Part {n}</h3><p>{paragraph}</p></div>" for n, paragraph in enumerate(STORY[:4]))
    hours = "<table><tr><td>Mon-Thu</td><td>8-18</td></tr><tr><td>Fri</td><td>8-13</td></tr></table>"
    page = (
        "<html><head><title>Harbour Dental</title></head><body><header><a href=/>Harbour</a><nav><a href=/t>Team</a></nav>"
        f"</header><section><h1>Gentle dentists in Whitby</h1><p>{SENTENCE}</p></section><section><h2>What we do</h2>"
        f"<div class=grid>{parts}</div></section><section><h2>Opening hours</h2>{hours}<p>12 Church Street, Whitby</p>"
        "</section><footer><p>Website by Pixelworks.</p></footer></body></html>"
    )
    clean = cleaned(page, "text/html", url="https://dental.example/")
    assert clean.paragraphs[-3:] == ("Opening hours", "Mon-Thu | 8-18\nFri | 8-13", "12 Church Street, Whitby")
    assert "Team" not in clean.text
