"""What is left out of an HTML page, by kind."""

import pytest

from tests.unit.clean.pages import PARAGRAPHS, SENTENCE, cleaned, story_html


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<div class=cookie-banner><p>This page needs to remember you.</p></div>", "consent"),
        ("<div><p>We use cookies to make this page better for you.</p></div>", "consent"),
        ("<ul class=share-buttons><li><a href=/x>Tell a friend</a></ul>", "share"),
        ("<ul><li><a href=//t.example/share>Facebook</a></ul>", "share"),
        ("<div class=paywall><p>You have read your last free story.</p></div>", "subscription"),
        ("<div><p>This article is for subscribers.</p></div>", "subscription"),
        ("<section class=related-stories><p><a href=/y>A ferry for the bridge</a></p></section>", "related"),
        ("<div id=comments><p>I do not agree with it</p></div>", "comments"),
    ],
)
def test_each_kind_has_its_reason(inside: str, reason: str) -> None:
    clean = cleaned(story_html("<title>Bridge</title>", after=f"<footer>{inside}</footer>"))
    assert clean.paragraphs == PARAGRAPHS
    assert [entry.reason for entry in clean.dropped] == [reason]


def test_what_readers_say_under_a_story_is_left_out_and_in_a_forum_it_is_the_page() -> None:
    posts = "".join(f"<div class=comment><b>Reader {n}</b><p>{SENTENCE * 2}</p></div>" for n in range(6))
    page = story_html("<title>Bridge</title>", after=f"<div id=comments>{posts}</div>")
    page = page.replace("</article>", f"<p>{SENTENCE * 4}</p></article>")
    assert "Reader" not in cleaned(page).text
    forum = f"<html><head><title>Bridge closed?</title></head><body><h1>Bridge closed?</h1>{posts}</body></html>"
    assert cleaned(forum, url="https://talk.example/forum/threads/bridge-closed.7/").text.count("The council") == 12


def test_where_comments_are_the_page_the_short_ones_stay_as_well() -> None:
    said = "By hand, yes, with a screw on the back. A radio would be cheating."
    rows = "".join(
        f"<tr class=comtr><td></td><td><a>reader{n}</a><div class=comment>{text}<div><a>reply</a></div></div></td></tr>"
        for n, text in enumerate((SENTENCE * 3, said, SENTENCE))
    )
    head = "<table><tr><td><a href=/>Home</a> | <a href=/new>new</a> | <a href=/login>login</a></td></tr></table>"
    clean = cleaned(f"<html><head><title>Tide clock</title></head><body>{head}<table>{rows}</table></body></html>")
    assert said in clean.text
    assert "login" not in clean.text


def test_text_that_only_stands_for_readers_without_scripts_is_read_where_there_is_no_other() -> None:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert cleaned(f"<html><body><div id=app></div><noscript>{story}</noscript></body></html>").paragraphs == PARAGRAPHS
    assert "Turn it on" not in cleaned(story_html(after="<noscript><p>Turn it on, please.</p></noscript>")).text
