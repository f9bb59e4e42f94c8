"""Code, tables, quotes, links and wrapped lines keep their shape in the text of a markdown page."""

import pytest

from tests.unit.clean.pages import PARAGRAPHS, cleaned


def paragraphs(inside: str) -> tuple[str, ...]:
    """What is kept of something that stands between the paragraphs of a story."""
    clean = cleaned(f"# The bridge\n\n{PARAGRAPHS[0]}\n\n{inside}\n\n{PARAGRAPHS[1]}", "text/markdown")
    assert (clean.title, clean.paragraphs[0], clean.paragraphs[-1]) == ("The bridge", *PARAGRAPHS[:2])
    return clean.paragraphs[1:-1]


CODE = "try:\n    close(bridge)\n\ntry:\n    # again\n    close(bridge)\nexcept *Late:\n    wait()"


@pytest.mark.parametrize(("opens", "closes"), [("```python", "```"), ("~~~", "~~~~"), ("````{code} x", "````")])
def test_fenced_code_is_one_paragraph_with_its_lines_and_indents(opens: str, closes: str) -> None:
    assert paragraphs(f"{opens}\n{CODE}\n{closes}") == (CODE,)


def test_code_that_an_item_holds_loses_the_items_indent_alone() -> None:
    assert paragraphs("- Close it:\n\n  ```\n  if late:\n      close()\n  ```") == (
        "- Close it:",
        "if late:\n    close()",
    )


def test_indented_code_keeps_its_lines() -> None:
    assert paragraphs("    if late:\n        close()\n\n    wait()") == ("if late:\n    close()\n\nwait()",)


def test_a_fence_that_is_never_closed_takes_nothing_with_it() -> None:
    assert paragraphs("```\nThe tunnel is closed as well, said the council.") == (
        "The tunnel is closed as well, said the council.",
    )


def test_a_line_in_code_is_no_title() -> None:
    clean = cleaned(f"```\n# set up the bridge\n```\n\n{PARAGRAPHS[0]}", "text/markdown")
    assert clean.title is None


def test_a_table_is_one_paragraph_of_rows() -> None:
    table = "| Road | Minutes more |\n|:-----|-----:|\n| the [northern](/n) road | 20 |\n| the **tunnel** | `5\\|6` |"
    assert paragraphs(table) == ("Road | Minutes more\nthe northern road | 20\nthe tunnel | 5|6",)
    assert paragraphs("Road | Minutes\n---|---\ntunnel | 5") == ("Road | Minutes\ntunnel | 5",)


def test_a_quotation_is_marked_and_its_lines_are_joined() -> None:
    assert paragraphs("> We have no choice,\n> and we have no money.\n>\n> So it is.") == (
        "> We have no choice, and we have no money.",
        "> So it is.",
    )


def test_links_by_reference_are_links_and_their_definitions_are_markup() -> None:
    clean = cleaned(
        f"{PARAGRAPHS[0]} See the [report][1], the [Minutes][] and ![a map][map] of [it], but not [that].\n\n"
        f"{PARAGRAPHS[1]}\n\n[1]: /report 'Report'\n[minutes]: </minutes>\n[map]: /map.png\n[it]: /it",
        "text/markdown",
    )
    assert clean.paragraphs[0].endswith("See the report, the Minutes and of it, but not [that].")
    assert clean.links == tuple(f"https://news.example/{name}" for name in ("report", "minutes", "it"))
    assert [image.url for image in clean.images] == ["https://news.example/map.png"]
    assert [entry.reason for entry in clean.dropped] == ["markup"] * 4


def test_scripts_styles_and_comments_are_markup() -> None:
    hidden = "<script>\nlet bridge = 1;\n\nclose(bridge);\n</script>", "<!-- The bridge\n\nis closed. -->"
    clean = cleaned(f"{PARAGRAPHS[0]}\n\n{hidden[0]}\n\n{hidden[1]}\n\n{PARAGRAPHS[1]} <!-- so -->", "text/markdown")
    assert clean.paragraphs == PARAGRAPHS[:2]
    assert [(entry.text, entry.reason) for entry in clean.dropped] == [(text, "markup") for text in hidden]


def test_html_between_the_lines_is_read() -> None:
    clean = cleaned(
        f'<h1 align="center">The old bridge</h1>\n<p align="center">\n  <img\n   src="/b.png"\n   alt="It">\n</p>\n\n'
        f'{PARAGRAPHS[0]} See <a href="/r">the report</a>.\n\n'
        f"<details><summary>More about it</summary>\n\n{PARAGRAPHS[1]}",
        "text/markdown",
    )
    assert clean.title == "The old bridge"
    assert clean.paragraphs == (f"{PARAGRAPHS[0]} See the report.", "More about it", PARAGRAPHS[1])
    assert clean.links == ("https://news.example/r",)
    assert [image.alt for image in clean.images] == ["It"]


def test_signs_within_code_are_kept() -> None:
    assert paragraphs("Call `__init__(*args, **kw)` or ``a`b`` with `<b>` and `[x](y)` \\`so\\`.") == (
        "Call __init__(*args, **kw) or a`b with <b> and [x](y) `so`.",
    )


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("The council of Port Ellis\ndecided on that in a\nmeeting of three hours.", None),
        ("The council of\nPort Ellis decided on that\nin a meeting.", None),
        ("- the tunnel, which is\n  Longer, and\n  the ferry", None),
        (
            "港町の駅前にある書店が\n百年の歴史に幕を下ろした。最終日には朝から多くの\n客が訪れた。",
            "港町の駅前にある書店が百年の歴史に幕を下ろした。最終日には朝から多くの客が訪れた。",
        ),
    ],
)
def test_lines_that_a_paragraph_was_wrapped_into_are_joined(wrapped: str, joined: str | None) -> None:
    assert paragraphs(wrapped) == (joined or " ".join(wrapped.split()),)


def test_lines_that_end_as_sentences_are_paragraphs_of_their_own() -> None:
    lines = ("The council met on Monday.", "It decided on that.", "Nobody was there.")
    assert paragraphs("\n".join(lines)) == lines
