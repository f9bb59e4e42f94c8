"""Given a cursor, then it leads back to its place, and to nothing at all once it was touched."""

import re
import secrets
import string
from typing import Any

import pytest

from services.query.cursor import Place, Seal, digest
from shared.errors import Refused
from shared.models.search_query import SearchQuery

PLACE = Place(snapshot="s-1", after='[12.5, "überall", 7]', match="best", asked="00ff")
LETTERS = string.ascii_letters + string.digits + "-_"


def refusal(seal: Seal, cursor: str) -> Refused:
    with pytest.raises(Refused) as refused:
        seal.open(cursor, "/query/cursor")
    assert refused.value.problem.pointer == "/query/cursor"
    return refused.value


def asked(**parameters: Any) -> str:
    return digest(SearchQuery.model_validate(parameters))


def test_a_cursor_leads_back_to_its_place_and_needs_no_escape_in_a_url() -> None:
    seal = Seal()
    for length in range(40):
        place = PLACE.model_copy(update={"after": "x" * length})
        cursor = seal.close(place)
        assert seal.open(cursor, "/cursor") == place
        assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)


def test_a_cursor_with_any_one_character_changed_is_refused() -> None:
    seal = Seal()
    for length in range(3):
        cursor = seal.close(PLACE.model_copy(update={"after": "x" * length}))
        for at, was in enumerate(cursor):
            for instead in secrets.SystemRandom().sample(LETTERS.replace(was, ""), 3):
                altered = cursor[:at] + instead + cursor[at + 1 :]
                assert refusal(seal, altered).code in {"invalid", "cursor-expired"}


def test_a_cursor_whose_content_was_changed_is_no_cursor() -> None:
    seal = Seal()
    cursor = seal.close(PLACE)
    assert refusal(seal, cursor[:-1]).status == 422
    assert refusal(seal, cursor + "A").status == 422
    assert refusal(seal, cursor + "=").status == 422


@pytest.mark.parametrize(
    "garbage", ["", "x", "abcd", "not a cursor", "überall", "A" * 20, "=" * 50, "\x00" * 60, "a\nb"]
)
def test_what_never_was_a_cursor_is_refused_as_such(garbage: str) -> None:
    refused = refusal(Seal(), garbage)
    assert (refused.status, refused.code) == (422, "invalid")


def test_a_cursor_of_an_earlier_process_has_expired() -> None:
    refused = refusal(Seal(), Seal().close(PLACE))
    assert (refused.status, refused.code) == (410, "cursor-expired")


def test_a_cursor_is_read_wherever_its_key_is_known() -> None:
    assert Seal(b"k" * 32).open(Seal(b"k" * 32).close(PLACE), "/cursor") == PLACE


def test_the_same_question_has_the_same_digest_however_it_was_put() -> None:
    assert asked(q="a", site=["y", "x"]) == asked(site=["x", "y", "x"], q="a", cursor="anything")
    assert asked() == asked(size="10", q="", sort="relevance")


@pytest.mark.parametrize(
    "other",
    [
        {"q": "b"},
        {"size": 11},
        {"site": "x"},
        {"source": "x"},
        {"from": "2024-01-01"},
        {"indexed_to": "2024-01-01"},
        {"sort": "newest"},
        {"freshness": 3},
        {"facets": "site"},
        {"histogram": "day"},
        {"fold": "story"},
        {"snippet": "false"},
        {"mode": "strict"},
        {"match": "best"},
    ],
)
def test_every_parameter_is_part_of_the_digest(other: dict[str, object]) -> None:
    assert asked(**{"q": "a", **other}) != asked(q="a")
