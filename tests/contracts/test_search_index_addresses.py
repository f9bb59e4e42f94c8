"""A page is found by its own address, typed or pasted, and by its host."""

import pytest

from tests.contracts.search_engines import Engine, found, page, put

HERE = page("here", "Nothing of it.", url="https://sv.example/2/ships-sink.html", site="sv.example")
TOLD = page("told", "See https://sv.example/2/ships-sink.html for more.", url="https://other.example/")
NEITHER = page("neither", "An example of two ships.", url="https://example.org/2/sv")


@pytest.mark.parametrize(
    "q",
    [
        "https://sv.example/2/ships-sink.html",
        '"https://sv.example/2/ships-sink.html"',
        "HTTPS://www.sv.example/2/ships-sink.html#more",
        "sv.example/2",
        "sv.example",
        "www.sv.example",
        "(sv.example OR absent)",
        "+https://sv.example/2",
    ],
)
@pytest.mark.parametrize("match", ["all", "best"])
def test_an_address_finds_its_page_and_those_that_tell_it(engine: Engine, q: str, match: str) -> None:
    put(engine, HERE, TOLD, page("neither", "Nothing here.", url="https://elsewhere.test/"))
    assert sorted(found(engine, q, match=match)) == ["here", "told"]


@pytest.mark.parametrize("q", ["https://sv.example/3", "vs.example", "sv.example.org", "mail@sv.example", "url:sv.org"])
def test_another_address_does_not(engine: Engine, q: str) -> None:
    put(engine, HERE, TOLD, NEITHER)
    assert found(engine, q) == []


def test_an_address_that_is_barred_keeps_its_page_out(engine: Engine) -> None:
    put(engine, HERE, TOLD, NEITHER)
    assert found(engine, "-https://sv.example/2") == ["neither"]


def test_a_host_beside_words_need_not_be_in_the_text(engine: Engine) -> None:
    put(engine, HERE, TOLD, NEITHER)
    assert found(engine, "nothing sv.example") == ["here"]
