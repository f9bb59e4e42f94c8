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
