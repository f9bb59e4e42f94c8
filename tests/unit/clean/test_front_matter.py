import pytest

from tests.unit.clean.pages import PARAGRAPHS, cleaned

TOML = """+++
title = "Foo bar baz"
description = 'It is "so".'
date = 2024-05-01T08:00:00Z
authors = ["Ann Other", "Bo Example"]
draft = false

[taxonomies]
tags = ["x"]
+++
"""


def test_front_matter_in_toml_becomes_fields() -> None:
    clean = cleaned(f"{TOML}\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}", "text/markdown", url=None)
    assert (clean.title, clean.authors, clean.published) == (
        "Foo bar baz",
        ("Ann Other", "Bo Example"),
        "2024-05-01T08:00:00Z",
    )
    assert clean.evidence["title"].found_in == "front-matter"
    assert clean.paragraphs == PARAGRAPHS[:2]
    assert [(entry.text, entry.reason) for entry in clean.dropped] == [(TOML.strip(), "front-matter")]


@pytest.mark.parametrize("block", ["+++\nno toml at all\n+++\n", "+++\n+++\n", "+++\ntitle = 'x'\n"])
def test_a_block_that_is_no_toml_is_no_front_matter(block: str) -> None:
    clean = cleaned(f"{block}\n{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}", "text/markdown")
    assert "front-matter" not in {entry.reason for entry in clean.dropped}


@pytest.mark.parametrize("value", ["[Ann Other, 'Bo Example']", '\n  - Ann Other\n  - "Bo Example"'])
def test_lists_in_front_matter_are_read(value: str) -> None:
    clean = cleaned(f"---\ntitle: Bridge\nauthors: {value}\n---\n\n{PARAGRAPHS[0]}", "text/markdown")
    assert clean.authors == ("Ann Other", "Bo Example")


def test_a_canonical_url_is_read_by_its_usual_names() -> None:
    clean = cleaned(f"---\ncanonical_url: https://a.example/b\n---\n\n{PARAGRAPHS[0]}", "text/markdown")
    assert clean.canonical_url == "https://a.example/b"
