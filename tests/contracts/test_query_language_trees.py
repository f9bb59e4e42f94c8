"""Any tree finds what it says, and whatever is typed is answered, on every engine."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.models.document import Document
from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.query_language.tree import (
    AllOf,
    And,
    Boost,
    Dates,
    Exists,
    In,
    Node,
    Not,
    Numbers,
    Or,
    Required,
    Word,
    inner,
    levels,
)
from shared.search.port import EngineQuery
from tests.contracts.search_engines import ENGINES, Engine, open_engine, page, put
from tests.unit.query_language.trees import TYPED

WORDS = ("heron", "otter", "reeds", "river", "stone")
TAGS = ("bird", "water")
NUMBERS = range(2 ** len(WORDS))
"""One page for each set of words, by the number whose bits say which."""


@pytest.fixture(scope="module", params=ENGINES)
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with a page for every set of words."""
    opened = open_engine(request, tmp_path_factory.mktemp("pages"))
    put(opened, *(_page(number) for number in NUMBERS))
    yield opened
    opened.close()


def _words(number: int) -> set[str]:
    return {word for bit, word in enumerate(WORDS) if number >> bit & 1}


def _tags(number: int) -> tuple[str, ...]:
    return tuple(tag for bit, tag in enumerate(TAGS) if number % 3 == bit)


def _published(number: int) -> date | None:
    return date(2020 + number % 4, 6, 1) if number % 5 else None


def _page(number: int) -> Document:
    day = _published(number)
    made = page(
        f"p{number:02}", " ".join(sorted(_words(number))), tags=_tags(number), published=day and day.isoformat()
    )
    return made.model_copy(update={"word_count": number})


def _leaves() -> st.SearchStrategy[Node]:
    years = st.integers(2019, 2024)
    return st.one_of(
        st.sampled_from(WORDS).map(lambda word: Word(text=word)),
        st.sampled_from(WORDS).map(lambda word: In(field="exact", part=Word(text=word))),
        st.sampled_from(TAGS).map(lambda tag: In(field="tag", part=Word(text=tag))),
        years.map(lambda year: Dates(first=date(year, 1, 1))),
        years.map(lambda year: Dates(first=date(year, 1, 1), last=date(year, 12, 31))),
        st.integers(0, 31).map(lambda number: Numbers(field="words", least=number)),
        st.sampled_from(["date", "tag", "text", "title"]).map(lambda field: Exists(field=field)),
    )


def _around(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(lambda found: AllOf(parts=found)),
        several.map(lambda found: And(parts=found)),
        several.map(lambda found: Or(parts=found)),
        parts.map(lambda part: Not(part=part)),
        parts.map(lambda part: Required(part=part)),
        parts.map(lambda part: Boost(part=part, factor=2.5)),
    )


TREES = st.recursive(_leaves(), _around, max_leaves=10).filter(lambda tree: levels(tree) < Limits().depth)


def _matches(node: Node, number: int) -> bool:
    """What a tree means, in the plainest words."""
    parts = [_matches(part, number) for part in inner(node)]
    match node:
        case Word():
            return node.text in _words(number)
        case In(field="tag", part=Word() as word):
            return word.text in _tags(number)
        case Not():
            return not parts[0]
        case Or():
            return any(parts)
        case Dates() | Numbers() | Exists():
            return _in_range(node, number)
        case _:
            return all(parts)


def _in_range(node: Node, number: int) -> bool:
    day = _published(number)
    match node:
        case Dates():
            return bool(day) and (node.first or date.min) <= day <= (node.last or date.max)  # type: ignore[operator]  # (day is there)
        case Numbers():
            return number >= (node.least or 0)
        case Exists():
            there = {"date": day, "tag": _tags(number), "text": _words(number), "title": None}
            return bool(there[node.field])
        case _:
            raise AssertionError(node)


@given(tree=TREES)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_tree_finds_the_pages_that_it_describes(pages: Engine, tree: Node) -> None:
    top = AllOf(parts=(tree,))
    answer = pages.index.search(EngineQuery(tree=top, size=50, snippets=False))
    assert sorted(hit.id for hit in answer.hits) == [f"p{number:02}" for number in NUMBERS if _matches(tree, number)]


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), barred=st.sampled_from(WORDS))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_for_best_some_of_the_words_will_do_and_none_that_is_barred(
    pages: Engine, words: list[str], barred: str
) -> None:
    tree = parse(f"{' '.join(words)} -{barred} tag:bird").tree
    answer = pages.index.search(EngineQuery(tree=tree, match="best", size=50, snippets=False))
    expected = [
        f"p{number:02}"
        for number in NUMBERS
        if _words(number) & set(words) and barred not in _words(number) and "bird" in _tags(number)
    ]
    assert sorted(hit.id for hit in answer.hits) == expected


@given(q=TYPED, match=st.sampled_from(["all", "best"]))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_typed_is_answered(pages: Engine, q: str, match: str) -> None:
    query = EngineQuery.model_validate({"tree": parse(q).tree, "match": match, "size": 5})
    answer = pages.index.search(query)
    assert 0 <= answer.total.value <= len(NUMBERS)
    assert all(hit.snippet is not None for hit in answer.hits)
    assert pages.index.words(query) is not None
