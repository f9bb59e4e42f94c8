# ruff: noqa: RUF001  (the tests are about these characters)
"""A saved search matches just those documents that the same search finds, on every engine."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from shared.models.document import Document, Names
from shared.models.saved_search import SavedQuery, SavedSearch
from shared.query_language.limits import DEFAULT
from shared.saved_searches.matching import Matcher
from shared.saved_searches.question import engine_query
from shared.search.tantivy.batches import TantivyBatches
from tests.contracts.search_engines import ENGINES, EmbeddedEngine, Engine, open_engine, page, put
from tests.unit.query_language.trees import TYPED

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PAGES = [
    page(
        "ferry",
        "The ferries between the islands run again. Ukraine's grain left by e-mail order T-62 at 10:30.",
        title="Ferry runs again",
        standfirst="After eleven weeks the harbour is open",
        url="https://news.example/2024/ferry-runs",
        site="news.example",
        source="feed",
        authors=("Jane Austen", "Ödön von Horváth"),
        tags=("sea", "north sea"),
        published="2024-05-01",
        names=Names(people=("Ada Berg",), places=("Kyiv",)),
        keywords=("ferry", "grain"),
    ),
    page("run", "He ran and was running in the run of C++ and node.js; café, naïve, 1,000 ships.", title="Runs"),
    page("north", "North of the sea lies the sea of the north.", site="maps.example", published="2023-01-10"),
    page("hafen", "Die Fähren fahren wieder; der Häfen schönster ist laut Bericht geöffnet.", language="de"),
    page("schiff", "Schiffe im Hafen, ein Schiff auf See", title="Häfen und Schiffe", language="de", tags=("see",)),
    page("meer", "海洋の港で船が出る。海。", title="港", language="ja", site="umi.example"),
    page("hai", "乌克兰的粮食船离开港口", title="粮食", language="zh"),
    page("ist", "İstanbul'da gemiler limandan ayrıldı", language="tr"),
    page("none", "ferries harbour Fähre naive", language=None, title="Ferry"),
    page("empty", "...", language=None, tags=("sea",)),
]
WORDS = (
    "ferry ferries the again harbour Ukraine's e-mail email T-62 t62 10:30 grain sea north islands run running C++ "
    "node.js café cafe naïve naive 1,000 Fähre fahren Hafen Häfen Schiffe see 海 港 海洋 粮食 乌克兰 "
    "İstanbul istanbul gemi open and/or news.example/2024 eleven nothing"
).split()
PREFIXES = "fer* har* naï* fäh* 10:3* node.j* 海* no* e-ma*".split()
FIELDED = (
    "title:ferry title:harbour title:港 text:ferry text:runs author:austen author:odon author:aus* author:auster~1 "
    "tag:sea tag:* site:news.example site:new* url:ferry url:2024 url:fer* person:berg place:kyiv keyword:grain "
    "source:feed language:de exact:ferries exact:Häfen date:2024 date:2023..2024 words:>=10 words:<5 "
    "title:* author:* title:fer* title:ferri~1"
).split()
ACCENTED = ("nai*", "fah*", "cafe*", "exact:hafen")
"""What is typed without its accents where words are as they are written: there the engines differ by themselves."""
QUOTED = (
    '"sea north"~1',
    '"the again"~5',
    'author:"jane austen"',
    'tag:"north sea"',
    'title:"ferry runs"',
    'text:"sea of"',
    'exact:"the sea"',
)

_DIFFER = re.compile(r'"~|"[^"]*(?:[^\x00-\x7f]|node|C\+\+|and/or|/2024|cafe|naive)[^"]*"')
"""Where the engines differ by themselves: words near each other that share a stem, and accents and signs in phrases."""
_word = st.sampled_from(WORDS)
_phrase = st.lists(_word, min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"')
_phrases = st.sampled_from(
    ['"north of the sea"', '"the north"', '"sea north"', '"between the islands"', '"ein schiff"']
)
_stem = st.sampled_from("ferry the again harbour grain sea north islands eleven Schiffe nothing".split())
_apart = st.lists(_stem, min_size=2, max_size=3, unique=True).map(lambda words: f'"{" ".join(words)}"')
_near = st.tuples(_apart | _phrases, st.sampled_from(["~1", "~5"])).map("".join)
_fuzzy = st.sampled_from(["ferri~1", "harbor~1", "grian~1", "schifffe~2", "hafen~1", "naeve~1", "islnads~2"])
_leaf = st.one_of(
    _word, _word, _phrase, _phrases, _near, _fuzzy, st.sampled_from(PREFIXES), st.sampled_from((*FIELDED, *QUOTED))
)
_query = st.recursive(
    _leaf,
    lambda part: st.one_of(
        st.tuples(part, part).map(" ".join),
        st.tuples(part, part).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(part, part).map(lambda two: f"({two[0]} AND NOT {two[1]})"),
        part.map(lambda one: f"-({one})"),
        part.map(lambda one: f"+({one})"),
        part.map(lambda one: f"({one})^2"),
        st.tuples(st.sampled_from(["title", "text", "exact", "tag", "author"]), part).map(
            lambda two: f"{two[0]}:({two[1]})"
        ),
    ),
    max_leaves=6,
)
_filters = st.fixed_dictionaries(
    {},
    optional={
        "site": st.lists(st.sampled_from(["news.example", "UMI.example", "maps.example"]), max_size=2),
        "language": st.sampled_from(["de", "en", "JA", "fr"]).map(lambda one: [one]),
        "tag": st.just(["sea"]),
        "author": st.just(["Jane Austen"]),
        "from": st.just("2023-06-01"),
        "to": st.just("2024-05-01"),
    },
)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that holds the pages."""
    opened = open_engine(request, tmp_path_factory.mktemp("saved"))
    put(opened, *PAGES)
    yield opened
    opened.close()


def found(engine: Engine, query: SavedQuery) -> set[str]:
    asked = engine_query(query, DEFAULT).model_copy(update={"size": 100, "snippets": False})
    return {hit.id for hit in engine.index.search(asked).hits}


def matched(queries: dict[str, SavedQuery], documents: list[Document]) -> dict[str, set[str]]:
    saved = [
        SavedSearch(id=name, name="n", query=query, created_at=NOW, changed_at=NOW) for name, query in queries.items()
    ]
    matcher = Matcher(TantivyBatches(), DEFAULT)
    matcher.change(saved, ())
    told: dict[str, set[str]] = {name: set() for name in queries}
    for search, place in matcher.matches(documents):
        told[search].add(documents[place].id)
    return told


def one(number: int) -> str:
    return f"{number:020x}"


@given(q=_query, match=st.sampled_from(["auto", "all", "best"]), filters=_filters)
@example(q="海", match="all", filters={})
@example(q="-ferry", match="all", filters={})
@example(q="ferry +(sea OR grain)", match="best", filters={})
@example(q="", match="auto", filters={"site": ["news.example"]})
@example(q="10:3*", match="all", filters={})
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@pytest.mark.timeout(300)
def test_a_saved_search_matches_what_the_search_finds(
    engine: Engine, q: str, match: str, filters: dict[str, Any]
) -> None:
    assume(isinstance(engine, EmbeddedEngine) or not _DIFFER.search(q))
    query = SavedQuery.model_validate({"q": q, "match": match, **filters})
    assert matched({one(1): query}, PAGES)[one(1)] == found(engine, query), (q, match, filters)


@given(q=TYPED)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@pytest.mark.timeout(300)
def test_whatever_is_typed_matches_what_it_finds(engine: Engine, q: str) -> None:
    query = SavedQuery(q=q)
    assert matched({one(1): query}, PAGES)[one(1)] == found(engine, query)


def test_many_saved_searches_match_together_as_each_does_alone(engine: Engine) -> None:
    queries = {one(n): SavedQuery(q=q) for n, q in enumerate((*WORDS, *PREFIXES, *FIELDED, *QUOTED))}
    assert matched(queries, PAGES) == {name: found(engine, query) for name, query in queries.items()}


def test_beginnings_without_accents_match_as_the_embedded_engine_finds_them(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    put(engine, *PAGES)
    queries = {one(n): SavedQuery(q=q) for n, q in enumerate(ACCENTED)}
    assert matched(queries, PAGES) == {name: found(engine, query) for name, query in queries.items()}
    engine.close()


def test_documents_match_alike_one_by_one_and_in_a_batch() -> None:
    queries = {one(n): SavedQuery(q=q) for n, q in enumerate((*WORDS, *PREFIXES, *FIELDED, *QUOTED))}
    singly: dict[str, set[str]] = {name: set() for name in queries}
    for document in PAGES:
        for name, told in matched(queries, [document]).items():
            singly[name] |= told
    assert singly == matched(queries, PAGES)


def test_a_saved_search_that_was_changed_or_taken_out_matches_so_from_then_on() -> None:
    matcher = Matcher(TantivyBatches(), DEFAULT)

    def saved(number: int, q: str) -> SavedSearch:
        return SavedSearch(id=one(number), name="n", query=SavedQuery(q=q), created_at=NOW, changed_at=NOW)

    def told() -> set[str]:
        return {search for search, _ in matcher.matches(PAGES)}

    matcher.change([saved(1, "ferry"), saved(2, "nothing"), saved(3, "sea")], ())
    assert told() == {one(1), one(3)}
    matcher.change([saved(1, "nothing"), saved(2, "grai*")], [one(3)])
    assert told() == {one(2)}
    matcher.forget()
    assert told() == set()
