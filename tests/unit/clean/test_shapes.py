"""Lists, tables, code, quotes and scripts of all directions keep their shape in the text of an HTML page."""

import pytest

from tests.unit.clean.pages import PARAGRAPHS, cleaned, story_html


def paragraphs(inside: str) -> tuple[str, ...]:
    """What is kept of something that stands after the first paragraph of a story."""
    page = story_html("<title>Bridge</title>").replace(f"<p>{PARAGRAPHS[1]}</p>", inside, 1)
    clean = cleaned(page)
    assert clean.extractor == "pagemill-html"
    assert clean.paragraphs[0] == PARAGRAPHS[0]
    return clean.paragraphs[1:-2]


def test_a_list_keeps_its_marks() -> None:
    found = paragraphs(
        "<p>Two roads stay open for those who want to go to the other side of it:</p>"
        "<ul><li>the <b>northern</b> road, which is longer</li><li><p>the tunnel under the river</p></li></ul>"
        "<p>Whoever wants to walk has to do these things in this order:</p>"
        "<ol><li>go down to the river</li><li>take the ferry over it</li></ol>"
    )
    assert found[1:3] == ("- the northern road, which is longer", "- the tunnel under the river")
    assert found[4:] == ("1. go down to the river", "2. take the ferry over it")


def test_a_table_is_one_paragraph_of_rows() -> None:
    found = paragraphs(
        "<table><thead><tr><th>Road<th>Minutes more</thead>"
        "<tr><td>the <a href=/n>northern</a> road<td>20</tr><tr><td>the tunnel<td>5</tr></table>"
    )
    assert found == ("Road | Minutes more\nthe northern road | 20\nthe tunnel | 5",)


def test_code_keeps_lines_and_indents() -> None:
    assert paragraphs("<pre><code>for bridge in bridges:\n    close(bridge)\n</code></pre>") == (
        "for bridge in bridges:\n    close(bridge)",
    )


def test_a_quotation_is_marked() -> None:
    said = "We have no choice, and we have no money, said the mayor to the people of the town."
    assert paragraphs(f"<blockquote><p>{said}</p></blockquote>") == (f"> {said}",)


@pytest.mark.parametrize(
    ("quote", "said"),
    [("<cite>Jim wrote:</cite>It is old.", "Jim wrote: It is old."), ("It is old.<cite>Jim</cite>", "It is old. Jim")],
)
def test_who_is_quoted_is_parted_from_what_they_said(quote: str, said: str) -> None:
    assert paragraphs(f"<blockquote>{quote}</blockquote>") == (f"> {said}",)


def test_line_breaks_stay_and_blank_lines_part_paragraphs() -> None:
    assert paragraphs("<p>The bridge is old,<br>the river is wide,<br><br>and nobody knows what to do.</p>") == (
        "The bridge is old,\nthe river is wide,",
        "and nobody knows what to do.",
    )


@pytest.mark.parametrize(
    "story",
    [
        "قرر المجلس يوم الاثنين إغلاق الجسر القديم لمدة عامين، وسيتعين على السائقين استخدام الطريق الشمالي.",
        "המועצה החליטה ביום שני לסגור את הגשר הישן לשנתיים, והנהגים ייאלצו לנסוע בדרך הצפונית הארוכה יותר.",
        "شورا روز دوشنبه تصمیم گرفت که پل قدیمی را به مدت دو سال ببندد و رانندگان باید از راه دیگری می\u200cروند.",
    ],
)
def test_text_from_right_to_left_stands_in_the_order_it_is_read(story: str) -> None:
    clean = cleaned(f"<html dir=rtl><body><article><p>{story}</p><p>{story} {story}</p></article></body></html>")
    assert clean.paragraphs == (story, f"{story} {story}")


def test_lines_broken_in_the_source_are_no_gaps_in_chinese() -> None:
    story = "市议会星期一决定，河上的旧桥将关闭两年，司机们必须绕行北路，这比以前多花二十分钟。"  # noqa: RUF001  (Chinese)
    broken = story.replace("决定", "\n  决定").replace("二十", "\n二十")
    clean = cleaned(f"<html lang=zh><body><article><p>{broken}</p><p>{story}</p></article></body></html>")
    assert clean.paragraphs == (story, story)


def test_soft_hyphens_are_taken_out() -> None:
    assert paragraphs("<p>The coun&shy;cil de&#8203;cided that the bridge will be closed for two years.</p>") == (
        "The council decided that the bridge will be closed for two years.",
    )


def test_the_numbers_of_a_list_are_those_that_a_reader_sees() -> None:
    found = paragraphs(
        "<p>Whoever wants to walk has to do these things in this order:</p>"
        "<ol start=5><li>go down to the river</li><li>take the ferry over it</li><li value=9>walk up the hill</li></ol>"
        "<p>These are the last ones of those that have been closed:</p>"
        "<ol reversed><li>the bridge over the river</li><li>the tunnel under the river</li></ol>"
    )
    assert found[1:4] == ("5. go down to the river", "6. take the ferry over it", "9. walk up the hill")
    assert found[5:] == ("2. the bridge over the river", "1. the tunnel under the river")


def test_a_list_in_a_list_is_indented_and_a_quotation_in_a_quotation_is_marked_twice() -> None:
    found = paragraphs(
        "<p>Two roads stay open for those who want to go to the other side of it:</p>"
        "<ul><li>the northern road, which is longer<ul><li>by car or on foot</li><li>by bus</li></ul></li>"
        "<li>the tunnel under the river</li></ul>"
    )
    assert found[1:] == (
        "- the northern road, which is longer",
        "  - by car or on foot",
        "  - by bus",
        "- the tunnel under the river",
    )
    said = "We have no choice, and we have no money, said the mayor to the people of the town."
    nested = f"<blockquote><p>{said}</p><blockquote><p>{said} Again.</p></blockquote></blockquote>"
    assert paragraphs(nested) == (f"> {said}", f"> > {said} Again.")


def test_blocks_breaks_and_lists_in_a_cell_are_parted() -> None:
    found = paragraphs(
        "<table><tr><th>Kind<th>Use</tr><tr><td><p>Hemp rope</p><p>tarred</p><td>for<br>mooring</tr>"
        "<tr><td>Chain<td><ul><li>anchor</li><li>towing</li></ul></tr></table>"
    )
    assert found == ("Kind | Use\nHemp rope tarred | for mooring\nChain | anchor; towing",)


@pytest.mark.parametrize(
    "code",
    [
        "<pre><code><div class=line>def f(x):</div><div class=line>    return x</div></code></pre>",
        "<pre><span class=lineno>1</span>def f(x):<br><span class=lineno>2</span>    return x</pre>",
        "<table><tr><td class=blob-num>1<td>def f(x):</tr><tr><td class=blob-num>2<td>    return x</tr></table>",
        "<table><tr><td class=linenos><pre>1\n2</pre><td class=code><pre>def f(x):\n    return x</pre></tr></table>",
        "<div><pre>def f(x):\n    return x</pre><button>Copy</button></div>",
    ],
)
def test_code_keeps_its_indents_however_its_lines_are_marked_up(code: str) -> None:
    assert paragraphs(code) == ("def f(x):\n    return x",)


def test_a_formula_stays_in_its_sentence() -> None:
    formula = "<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>"
    tex = "<math alttext='{\\displaystyle a^{2}}'><mi>a</mi></math>"
    assert paragraphs(f"<p>The energy of the bridge is {formula} and {tex} in all cases that we know.</p>") == (
        "The energy of the bridge is E = mc^2 and a^{2} in all cases that we know.",
    )


@pytest.mark.parametrize("ruby", ["漢字<rt>かんじ</rt>", "漢字<rp>\uff08</rp><rt>かんじ</rt><rp>\uff09</rp>"])
def test_how_a_word_is_read_aloud_stands_in_brackets(ruby: str) -> None:
    said = (
        f"<p>これは<ruby>{ruby}</ruby>の話である。市議会は月曜日に、川にかかる古い橋を二年間閉鎖することを決めた。</p>"
    )
    assert paragraphs(said)[0].startswith("これは漢字\uff08かんじ\uff09の話である。")


@pytest.mark.parametrize(
    "heading",
    [
        "What next<a class=headerlink href=#next>¶</a>",
        "<a href=#next>#</a> What next",
        "What next<span>[<a href=/edit>edit</a>]</span>",
        "What next [Bearbeiten | Quelltext bearbeiten]",
    ],
)
def test_a_heading_has_no_signs_of_its_own_link_and_no_invitation_to_edit(heading: str) -> None:
    found = paragraphs(f"<h2>{heading}</h2><p>Nobody knows yet what is to come after that, says the mayor.</p>")
    assert found[0] == "What next"


def test_the_tags_of_a_page_without_frames_are_no_text() -> None:
    page = story_html(before="<noframes><body><p>Your browser has no frames.</p></body></noframes>")
    assert "no frames" not in cleaned(page).text


def test_an_empty_cell_that_only_makes_room_is_none() -> None:
    assert paragraphs("<table><tr><td><td>The northern road</tr><tr><td>Road<td>Minutes</tr></table>") == (
        "The northern road\nRoad | Minutes",
    )
