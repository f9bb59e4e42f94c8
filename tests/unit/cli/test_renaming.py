import json

import pytest

from services.cli.failure import WRONG_USE, CommandFailed
from services.cli.posting.renaming import renaming


def _renamed(option: str, row: object) -> object:
    return json.loads(renaming(option)(json.dumps(row).encode()))


def test_fields_get_the_names_of_a_page_and_others_are_left_out() -> None:
    row = {"text": "a", "date": "2024-01-01T00:00:00Z", "url": "https://a.example/", "score": 3}
    assert _renamed("text=content, date=fetched_at", row) == {
        "content": "a",
        "fetched_at": "2024-01-01T00:00:00Z",
        "url": "https://a.example/",
    }


def test_a_field_can_go_into_the_metadata_beside_what_is_there() -> None:
    row = {"content": "a", "perplexity": 12.5, "metadata": {"crawl": "x"}}
    assert _renamed("perplexity=metadata.perplexity", row) == {
        "content": "a",
        "metadata": {"crawl": "x", "perplexity": 12.5},
    }


def test_a_name_that_was_mapped_away_is_not_a_page_field_any_more() -> None:
    assert _renamed("title=content,text=title", {"title": "t", "text": "x"}) == {"content": "t", "title": "x"}


def test_a_single_author_becomes_a_list() -> None:
    assert _renamed("by=authors,text=content", {"by": "Ann", "text": "x"}) == {"authors": ["Ann"], "content": "x"}


@pytest.mark.parametrize("line", [b"junk", b"[1, 2]", b"\xff", b'"text"', b"[" * 100_000])
def test_a_line_that_is_no_object_is_left_for_the_services_to_refuse(line: bytes) -> None:
    assert renaming("text=content")(line) == line


def test_half_a_character_stays_an_escape() -> None:
    assert renaming("text=content")(b'{"text": "a\\ud800"}') == b'{"content":"a\\ud800"}'


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("text=content,text=url", "text"),
        ("text=content,body=content", "content"),
        ("a=metadata.k,b=metadata.k", "metadata.k"),
        ("a=content, a = content", "a"),
    ],
)
def test_a_name_or_a_field_that_is_there_twice_is_wrong_use(option: str, said: str) -> None:
    with pytest.raises(CommandFailed, match=f"{said} twice") as failed:
        renaming(option)
    assert failed.value.code == WRONG_USE


@pytest.mark.parametrize("option", ["", "text", "text=nothing", "=content", "text=metadata.", ","])
def test_a_mapping_that_says_nothing_is_wrong_use(option: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        renaming(option)
    assert failed.value.code == WRONG_USE


@pytest.mark.parametrize(
    ("told", "sent"),
    [
        ("2026-01-01", "2026-01-01T00:00:00Z"),
        ("2026-01-01 09:30:00", "2026-01-01T09:30:00Z"),
        ("2026-01-01T09:30:00.25", "2026-01-01T09:30:00.25Z"),
        ("2026-01-01T09:30:00+02:00", "2026-01-01T09:30:00+02:00"),
        ("yesterday", "yesterday"),
        (1767225600, 1767225600),
    ],
)
def test_a_moment_without_a_zone_is_taken_as_utc(told: object, sent: object) -> None:
    assert _renamed("text=content,date=fetched_at", {"text": "a", "date": told}) == {"content": "a", "fetched_at": sent}
