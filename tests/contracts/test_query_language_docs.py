"""Every example in docs/query-language.md does what it says there, on every engine."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.models.search import SearchWarning
from shared.query_language.parse import parse
from shared.query_language.writing import text_of
from shared.search.fields import QUERY_FIELDS
from shared.search.port import EngineQuery
from tests.contracts.search_engines import ENGINES, Engine, open_engine, page, put

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text()
EXAMPLE = re.compile(r"^\| `([^`]+)` \|((?: `\w+`)*) \| [^|]*\|$", re.MULTILINE)
MISTAKE = re.compile(r"^\| `([a-z-]+)` \| (?:`([^`]+)` \| `([^`]+)`|[^|`]* \| [^|`]*) \|$", re.MULTILINE)
PAGES = [
    found.groups() for found in re.finditer(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
]
EXAMPLES = [(found[1], found[2].replace("`", "").split()) for found in EXAMPLE.finditer(PAGE)]
MISTAKES = [found.groups() for found in MISTAKE.finditer(PAGE[PAGE.index("## Mistakes") :])]
MORE: dict[str, dict[str, Any]] = {
    "harbour": {
        "source": "feed",
        "names": {"people": ("Ada North",), "places": ("Odesa",), "organisations": ("Port Authority",)},
        "keywords": ("grain",),
    },
    "bread": {"url": "https://example.org/recipes/bread", "source": "crawl"},
}
"""What the pages have besides."""


@pytest.fixture(scope="module", params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with the pages of the document."""
    opened = open_engine(request, tmp_path_factory.mktemp("library"))
    for page_id, title, text, about in PAGES:
        given = {"title": title, **_about(about), **MORE.get(page_id, {})}
        put(opened, page(page_id, text, **given))
    yield opened
    opened.close()


def _about(text: str) -> dict[str, Any]:
    """The last column: a site, an author, a day and tags, or a language."""
    if language := re.match(r"`language` (\w\w)", text):
        return {"language": language[1]}
    told = re.fullmatch(r"(\S+), by ([^,]+), ([\d-]+), tags? (.+)", text)
    assert told, text
    return {
        "site": told[1],
        "authors": (told[2],),
        "published": told[3],
        "tags": tuple(re.findall(r"`(\w+)`", told[4])),
    }


@pytest.mark.parametrize(("q", "expected"), EXAMPLES)
def test_an_example_finds_what_the_document_says(library: Engine, q: str, expected: list[str]) -> None:
    tree = parse(q, mode="strict").tree
    found = [hit.id for hit in library.index.search(EngineQuery(tree=tree, size=50)).hits]
    assert sorted(found) == sorted(expected)
    if "^" in q:
        assert found[0] == expected[0]


@pytest.mark.parametrize(("code", "q", "read"), MISTAKES)
def test_a_mistake_is_warned_of_and_read_as_the_document_says(code: str, q: str | None, read: str | None) -> None:
    parsed = parse(q or "word " * 300)
    assert code in _codes(parsed.warnings)
    if read:
        assert text_of(parsed.tree) == read


def test_the_document_has_every_field_and_examples_for_each_form() -> None:
    assert {name for name in QUERY_FIELDS if f"`{name}`" in PAGE and f"{name}:" in PAGE} == set(QUERY_FIELDS)
    assert len(PAGES) == 6
    assert len(EXAMPLES) >= 68
    assert len(MISTAKES) == 21


def _codes(warnings: tuple[SearchWarning, ...]) -> list[str]:
    return [warning.code for warning in warnings]
