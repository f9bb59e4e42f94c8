"""What every search index answers with: filters, facets, bars, orders, pages, folds."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from shared.models.document import Names
from shared.models.search import FILTERS, FacetCount, Filters, HistogramBar
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from tests.contracts.search_engines import NOON, Engine, ask, found, ids, page, put, walk

NAMED: dict[str, dict[str, Any]] = {
    "language": {"language": "fr"},
    "site": {"site": "example.com"},
    "source": {"source": "A Feed"},
    "author": {"authors": ("Ada L.", "Bo")},
    "tag": {"tags": ("x y", "Z")},
    "person": {"names": Names(people=("Ada", "Bo"))},
    "place": {"names": Names(places=("Ulm",))},
    "organisation": {"names": Names(organisations=("UNO",))},
    "keyword": {"keywords": ("k1", "k2")},
    "story": {"story": "s1"},
}
VALUES = {
    "language": "fr",
    "site": "example.com",
    "source": "A Feed",
    "author": "Bo",
    "tag": "x y",
    "person": "Ada",
    "place": "Ulm",
    "organisation": "UNO",
    "keyword": "k2",
    "story": "s1",
}


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_narrows_to_its_value_and_can_be_counted(engine: Engine, name: str) -> None:
    put(engine, page("in", **NAMED[name]), page("out", language="de"))
    value = VALUES[name]
    assert found(engine, filters=Filters(**{name: (value,)})) == ["in"]
    counts = ask(engine, facets=(name,)).facets[name]
    assert FacetCount(value=value, count=1) in counts


def test_values_of_one_filter_are_alternatives_and_filters_are_all_needed(engine: Engine) -> None:
    put(
        engine,
        page("a", site="one.example", tags=("x",)),
        page("b", site="two.example", tags=("x", "y")),
        page("c", site="three.example", tags=("x",)),
        page("d", site="one.example"),
    )
    sites = ("one.example", "two.example", "nowhere.example")
    assert sorted(found(engine, filters=Filters(site=sites))) == ["a", "b", "d"]
    assert sorted(found(engine, filters=Filters(site=sites, tag=("x",)))) == ["a", "b"]
    assert found(engine, filters=Filters(site=sites, tag=("y",), author=("nobody",))) == []


def test_filters_take_values_whole_and_as_they_are_written(engine: Engine) -> None:
    put(engine, page("a", authors=("Ada Lovelace",)))
    assert found(engine, filters=Filters(author=("Ada Lovelace",))) == ["a"]
    for other in ("Ada", "ada lovelace", "Ada Lovelace ", "", "Ada\x00Lovelace", "\ud800", "A" * 5000):
        assert found(engine, filters=Filters(author=(other,))) == []


def test_strange_values_can_be_filtered_by_and_counted(engine: Engine) -> None:
    strange = ("a\x00b", "<b>&", "日本", "🎉", '"quoted"', "x" * 5000, "new\nline")
    put(engine, page("p", tags=strange), page("q"))
    for value in strange:
        assert found(engine, filters=Filters(tag=(value,))) == ["p"]
    counted = [one.value for one in ask(engine, facets=("tag",)).facets["tag"]]
    assert len(counted) == len(strange)
    assert set(strange[:5]) <= set(counted)
    for value in counted:
        assert found(engine, filters=Filters(tag=(value,))) == ["p"]


def test_filters_do_not_change_the_score(engine: Engine) -> None:
    put(engine, page("a", "word", site="one.example"), page("b", "other", site="one.example"))
    plain = ask(engine, "word").hits[0].score
    assert ask(engine, "word", filters=Filters(site=("one.example",))).hits[0].score == plain


def test_published_days_are_whole_and_inclusive(engine: Engine) -> None:
    days = ["2024-03-09T23:59:59Z", "2024-03-10", "2024-03-10T23:59:59Z", "2024-03-11T00:00:00Z", None]
    put(engine, *(page(f"p{number}", published=day) for number, day in enumerate(days)))
    tenth = date(2024, 3, 10)
    assert sorted(found(engine, published_from=tenth, published_to=tenth)) == ["p1", "p2"]
    assert sorted(found(engine, published_from=tenth)) == ["p1", "p2", "p3"]
    assert sorted(found(engine, published_to=tenth)) == ["p0", "p1", "p2"]
    assert found(engine, published_from=date.max, published_to=date.min) == []
    assert len(found(engine, published_from=date.min, published_to=date.max)) == 4


def test_indexed_times_are_instants_and_inclusive(engine: Engine) -> None:
    second = timedelta(seconds=1)
    times = (NOON, NOON + second, NOON + 2 * second)
    put(engine, *(page(f"p{number}", indexed_at=time) for number, time in enumerate(times)))
    assert sorted(found(engine, indexed_from=NOON + second)) == ["p1", "p2"]
    assert sorted(found(engine, indexed_to=NOON + second)) == ["p0", "p1"]
    assert found(engine, indexed_from=NOON + second, indexed_to=NOON + second) == ["p1"]
    assert found(engine, indexed_from=NOON + timedelta(microseconds=1), indexed_to=NOON + second / 2) == []


def test_facets_count_all_that_match_and_not_the_page(engine: Engine) -> None:
    put(
        engine, *(page(f"p{n}", f"word {n}", site=f"s{n % 3}.example") for n in range(10)), page("q", site="s9.example")
    )
    answer = ask(engine, "word", size=2, facets=("site", "tag"))
    assert answer.facets["site"] == (
        FacetCount(value="s0.example", count=4),
        FacetCount(value="s1.example", count=3),
        FacetCount(value="s2.example", count=3),
    )
    assert answer.facets["tag"] == ()


def test_a_facet_that_is_filtered_by_itself_keeps_its_siblings(engine: Engine) -> None:
    put(
        engine,
        page("1", "Bread.", site="a.org", tags=("x",), language="en"),
        page("2", "Bread.", site="b.org", tags=("x",), language="en"),
        page("3", "Bread.", site="b.org", tags=("y",), language="de"),
        page("4", "Cake.", site="c.org", tags=("x",), language="en"),
    )
    filters = Filters(site=("a.org",), tag=("x",))
    answer = ask(engine, "bread", filters=filters, facets=("site", "tag", "language"), histogram="year")
    assert ids(answer) == ["1"]
    assert answer.total.value == 1
    assert {count.value: count.count for count in answer.facets["site"]} == {"a.org": 1, "b.org": 1}
    assert {count.value: count.count for count in answer.facets["tag"]} == {"x": 1}
    assert {count.value: count.count for count in answer.facets["language"]} == {"en": 1}


def test_siblings_of_a_language_are_counted_by_the_rules_of_their_own(engine: Engine) -> None:
    put(engine, page("1", "He runs.", language="en"), page("2", "Er runs nicht, er runt.", language="de"))
    put(engine, page("3", "Die Häuser.", language="de"), page("4", "Houses.", language="en"))
    answer = ask(engine, "haus", filters=Filters(language=("en",)), facets=("language",))
    assert answer.total.value == 0
    assert {count.value: count.count for count in answer.facets["language"]} == {"de": 1}


def test_siblings_are_counted_where_nothing_passes_the_filter(engine: Engine) -> None:
    put(engine, page("1", "Bread.", site="a.org"))
    answer = ask(engine, "bread", filters=Filters(site=("b.org",)), facets=("site",))
    assert answer.hits == ()
    assert {count.value: count.count for count in answer.facets["site"]} == {"a.org": 1}


def test_facets_are_exact_however_many_values_there_are(engine: Engine) -> None:
    batches = [[page(f"p{b}-{n}", tags=(f"t{n}", "all")) for n in range(b, 120)] for b in range(5)]
    for batch in batches:
        put(engine, *batch)
    counts = ask(engine, facets=("tag",), facet_size=117).facets["tag"]
    assert counts[0] == FacetCount(value="all", count=5 * 120 - 10)
    assert [one.count for one in counts[1:]] == [5] * 116
    assert [one.value for one in counts[1:]] == sorted(f"t{n}" for n in range(4, 120))


def test_a_value_that_is_rare_in_every_batch_is_counted_in_all_of_them(engine: Engine) -> None:
    for batch in range(5):
        many = tuple(f"t{batch}-{n}" for n in range(2100))
        put(engine, page(f"a{batch}", tags=many), page(f"b{batch}", tags=many), page(f"c{batch}", tags=("everywhere",)))
    counts = ask(engine, facets=("tag",), facet_size=1).facets["tag"]
    assert counts == (FacetCount(value="everywhere", count=5),)


def test_of_equally_frequent_values_the_first_by_name_are_given(engine: Engine) -> None:
    for batch in (3, 0, 2, 4, 1):
        put(engine, page(f"p{batch}", tags=tuple(f"t{batch}{n:02}" for n in range(30))))
    counts = ask(engine, facets=("tag",), facet_size=3).facets["tag"]
    assert [one.value for one in counts] == ["t000", "t001", "t002"]


def test_a_facet_has_as_many_values_as_asked_for_the_most_frequent_first(engine: Engine) -> None:
    put(engine, *(page(f"p{n}", tags=tuple(f"t{m}" for m in range(n))) for n in range(6)))
    counts = ask(engine, facets=("tag",), facet_size=2).facets["tag"]
    assert [(one.value, one.count) for one in counts] == [("t0", 5), ("t1", 4)]


def test_a_value_that_a_document_has_twice_is_counted_once(engine: Engine) -> None:
    put(engine, page("a", tags=("x", "x"), authors=("A", "A")))
    answer = ask(engine, facets=("tag", "author"))
    assert (answer.facets["tag"][0].count, answer.facets["author"][0].count) == (1, 1)


def test_nothing_is_counted_unless_asked_for(engine: Engine) -> None:
    put(engine, page("a", site="a.example", published="2024-01-01"))
    answer = ask(engine)
    assert (dict(answer.facets), answer.histogram) == ({}, ())


def test_no_facet_of_no_match_is_an_empty_list(engine: Engine) -> None:
    put(engine, page("a", site="a.example"))
    answer = ask(engine, "absent", facets=("site",), histogram="year")
    assert (dict(answer.facets), answer.histogram) == ({"site": ()}, ())


@pytest.mark.parametrize(
    ("interval", "starts"),
    [
        ("day", {"1969-12-31": 1, "2024-02-29": 1, "2024-12-29": 1, "2024-12-30": 2, "2025-01-01": 2}),
        ("week", {"1969-12-29": 1, "2024-02-26": 1, "2024-12-23": 1, "2024-12-30": 4}),
        ("month", {"1969-12-01": 1, "2024-02-01": 1, "2024-12-01": 3, "2025-01-01": 2}),
        ("year", {"1969-01-01": 1, "2024-01-01": 4, "2025-01-01": 2}),
    ],
)
def test_bars_begin_with_the_utc_day_the_monday_the_month_and_the_year(
    engine: Engine, interval: str, starts: dict[str, int]
) -> None:
    published = [
        "1969-12-31T23:59:59Z",
        "2024-02-29",
        "2024-12-29T23:59:59Z",
        "2024-12-30",
        "2024-12-30T00:00:00Z",
        "2025-01-01",
        "2025-01-01T05:00:00+03:00",
        None,
    ]
    put(engine, *(page(f"p{number}", published=when) for number, when in enumerate(published)))
    assert ask(engine, histogram=interval).histogram == tuple(
        HistogramBar(start=start, count=count) for start, count in starts.items()
    )


def test_bars_reach_from_the_first_year_to_the_last(engine: Engine) -> None:
    put(engine, page("a", published="0001-01-01"), page("b", published="9999-12-31"))
    for interval in ("day", "week", "month", "year"):
        bars = ask(engine, histogram=interval).histogram
        assert [bar.start[:4] for bar in bars] == ["0001", "9999"]
    assert found(engine, sort="oldest") == ["a", "b"]


def test_the_newest_and_the_oldest_come_first_and_the_undated_last(engine: Engine) -> None:
    dates = {"a": "2024-01-02", "b": None, "c": "2024-01-03T10:00:00Z", "d": "1950-01-01", "e": "2024-01-03"}
    put(engine, *(page(name, "word", published=when) for name, when in dates.items()))
    assert found(engine, "word", sort="newest") == ["c", "e", "a", "d", "b"]
    assert found(engine, "word", sort="oldest") == ["d", "a", "e", "c", "b"]
    assert found(engine) == ["c", "e", "a", "d", "b"]
    assert [hit.score for hit in ask(engine, "word", sort="newest").hits] == [None] * 5


def test_the_last_indexed_come_first(engine: Engine) -> None:
    for number in range(4):
        put(engine, page(f"p{number}", indexed_at=NOON + timedelta(milliseconds=number)))
    put(engine, page("p1", version=2, indexed_at=NOON + timedelta(days=1)))
    assert found(engine, sort="indexed") == ["p1", "p3", "p2", "p0"]


def test_better_matches_have_higher_scores(engine: Engine) -> None:
    put(engine, page("once", "heron " + "word " * 50), page("often", "heron heron heron " + "word " * 10), page("not"))
    hits = ask(engine, "heron").hits
    assert [hit.id for hit in hits] == ["often", "once"]
    scores = [hit.score or 0 for hit in hits]
    assert scores[0] > scores[1] > 0


def test_freshness_halves_what_an_older_document_is_worth(engine: Engine) -> None:
    now = datetime.now(UTC)
    old, new = (now - timedelta(days=20)).date().isoformat(), now.date().isoformat()
    put(engine, page("old", "heron heron heron", published=old), page("new", "heron " * 2 + "word", published=new))
    assert found(engine, "heron") == ["old", "new"]
    assert found(engine, "heron", freshness_days=5) == ["new", "old"]
    assert found(engine, "heron", freshness_days=10_000) == ["old", "new"]
    fresh = {hit.id: hit.score or 0 for hit in ask(engine, "heron", freshness_days=10).hits}
    plain = {hit.id: hit.score or 0 for hit in ask(engine, "heron").hits}
    assert fresh["old"] == pytest.approx(plain["old"] / 4, rel=0.1)
    assert fresh["new"] == pytest.approx(plain["new"], rel=0.1)


def test_freshness_leaves_very_old_documents_in_the_order_of_their_relevance(engine: Engine) -> None:
    names = ("a", "b", "c", "d", "e")
    texts = ("heron " * times + "reed " * (30 - times) for times in range(1, 6))
    put(engine, *(page(name, text, published="1999-05-01") for name, text in zip(names, texts, strict=True)))
    assert found(engine, "heron", freshness_days=1) == list(reversed(names))


def test_freshness_leaves_documents_without_a_date_among_the_others(engine: Engine) -> None:
    now = datetime.now(UTC)
    dates = {"new": now.date().isoformat(), "undated": None, "old": "1990-01-01"}
    put(engine, *(page(name, "heron", published=when) for name, when in dates.items()))
    assert found(engine, "heron", freshness_days=30) == ["new", "undated", "old"]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "indexed"])
@pytest.mark.parametrize("freshness", [None, 7.0])
def test_paging_neither_skips_nor_repeats_while_writing_goes_on(
    engine: Engine, sort: str, freshness: float | None
) -> None:
    documents = [page(f"p{n}", f"word {'heron ' * (n % 3)}", published=f"2024-01-{n % 4 + 1:02}") for n in range(40)]
    for start in range(0, 40, 9):
        put(engine, *documents[start : start + 9])
    query = EngineQuery(tree=parse("word").tree, sort=sort, size=7, freshness_days=freshness)
    answer = engine.index.search(query)
    gathered, totals = ids(answer), [answer.total.value]
    while answer.after:
        put(engine, page(f"late{len(gathered)}", "word", version=len(gathered)))
        engine.writer.delete({f"p{len(gathered)}": 2})
        answer = engine.index.search(query, snapshot=answer.snapshot, after=answer.after)
        gathered += ids(answer)
        totals.append(answer.total.value)
    assert len(gathered) == 40
    assert set(gathered) == {document.id for document in documents}
    assert set(totals) == {40}


def test_pages_put_together_are_one_long_page(engine: Engine) -> None:
    for batch in range(4):
        put(engine, *(page(f"p{batch}-{n}", "word " + "heron " * (n % 5)) for n in range(10)))
    whole = found(engine, "word heron", match="best", size=100)
    assert walk(engine, "word heron", match="best", size=3) == whole
    assert walk(engine, "word heron", match="best", size=39) == whole
    assert walk(engine, "word heron", match="best", size=40) == whole


def test_freshness_pages_put_together_are_one_long_page(engine: Engine) -> None:
    dates = [date(2024, 1, 1) + timedelta(days=n % 200) for n in range(350)]
    put(engine, *(page(f"p{n}", "word " * (n % 7 + 1), published=when.isoformat()) for n, when in enumerate(dates)))
    pages = walk(engine, "word", size=90, freshness_days=30)
    assert sorted(pages) == sorted(f"p{n}" for n in range(350))
    assert pages[:100] == found(engine, "word", size=100, freshness_days=30)


def test_no_hits_are_given_when_none_are_asked_for(engine: Engine) -> None:
    put(engine, *(page(f"p{n}", site="a.example") for n in range(3)))
    answer = ask(engine, size=0, facets=("site",))
    assert (answer.hits, answer.after, answer.snapshot, answer.total.value) == ((), None, None, 3)
    assert answer.facets["site"] == (FacetCount(value="a.example", count=3),)
    assert ask(engine, size=0, fold_story=True).after is None


def test_the_last_page_says_that_it_is_the_last(engine: Engine) -> None:
    put(engine, *(page(f"p{n}") for n in range(10)))
    assert ask(engine, size=10).after is None
    assert ask(engine, size=9).after is not None
    assert ask(engine, size=100).after is None


def test_totals_are_exact_over_versions_deletes_and_batches(engine: Engine) -> None:
    for batch in range(6):
        put(engine, *(page(f"p{n}", f"word v{batch}", version=batch + 1) for n in range(batch, 30)))
    engine.writer.delete({f"p{n}": 99 for n in range(10, 15)})
    answer = ask(engine, "word", size=1)
    assert (answer.total.value, answer.total.exact) == (25, True)
    assert ask(engine, "v5").total.value == 20
    assert ask(engine, "v0").total.value == 1
    assert engine.index.count() == 25


def test_folding_shows_the_best_of_each_story_with_the_number_of_its_copies(engine: Engine) -> None:
    put(
        engine,
        page("a1", "heron heron heron", story="a"),
        page("a2", "heron heron and", story="a"),
        page("a3", "heron and and", story="a"),
        page("a4", "nothing", story="a"),
        page("b1", "heron heron heron and", story="b"),
        page("alone", "heron", story=None),
        page("alone2", "heron", story=None),
    )
    answer = ask(engine, "heron", fold_story=True, facets=("story",))
    assert {hit.id: hit.copies for hit in answer.hits} == {"a1": 2, "b1": 0, "alone": 0, "alone2": 0}
    assert answer.total.value == 6
    assert {one.value: one.count for one in answer.facets["story"]} == {"a": 3, "b": 1}
    assert len(found(engine, "heron")) == 6
    assert {hit.copies for hit in ask(engine, "heron").hits} == {0}


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_paging_through_folds_neither_skips_nor_repeats(engine: Engine, sort: str) -> None:
    documents = [
        page(
            f"p{n}", "word " * (n % 6 + 1), story=f"s{n % 17}" if n % 5 else None, published=f"2024-01-{n % 28 + 1:02}"
        )
        for n in range(120)
    ]
    for start in range(0, 120, 25):
        put(engine, *documents[start : start + 25])
    folded = walk(engine, "word", size=4, fold_story=True, sort=sort)
    stories = {document.id: document.story or document.id for document in documents}
    assert len(folded) == len(set(folded)) == len(set(stories.values()))
    assert {stories[name] for name in folded} == set(stories.values())
    ranked = walk(engine, "word", size=100, sort=sort)
    firsts = list(dict.fromkeys(stories[name] for name in ranked))
    assert [stories[name] for name in folded] == firsts


def test_one_story_of_many_copies_is_one_hit(engine: Engine) -> None:
    put(engine, *(page(f"p{n}", "word", story="s") for n in range(300)), page("q", "word", story="t"))
    answer = ask(engine, "word", fold_story=True, size=10)
    assert sorted(hit.copies for hit in answer.hits) == [0, 299]
    assert answer.after is None


def test_a_search_tells_the_engine_s_time(engine: Engine) -> None:
    put(engine, page("a"))
    assert ask(engine).engine_ms > 0
    assert not ask(engine).partial


def test_scores_fall_along_the_page(engine: Engine) -> None:
    put(engine, *(page(f"p{n}", "heron " * (n + 1) + "word " * 20) for n in range(12)))
    scores = [hit.score or 0 for hit in ask(engine, "heron", size=12).hits]
    assert all(one >= two for one, two in pairwise(scores))
