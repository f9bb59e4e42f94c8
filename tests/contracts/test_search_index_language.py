# ruff: noqa: RUF001  (the tests are about these characters)
"""Every form of the query language finds the same documents on every engine."""

from collections.abc import Iterator

import pytest

from shared.models.search import Filters
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from tests.contracts.search_engines import ENGINES, Engine, ask, open_engine, page, put, snippet, walk

FILLER = "Nothing else of it matters here, and so it goes on for a while without saying anything. "


@pytest.fixture(scope="module", params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with a few pages, for tests that only read."""
    opened = open_engine(request, tmp_path_factory.mktemp("library"))
    put(
        opened,
        page(
            "tanks",
            "The army sent T-62 tanks over the old bridge. Ukraine's engineers walked behind them.",
            title="Tanks cross the river",
            site="example.com",
            url="https://news.example.com/war/tanks-cross.html",
            source="BBC News",
            published="2024-01-31",
            authors=("Jane Austen", "Émile Zola"),
            tags=("war", "Heavy metal"),
            names={
                "people": ("Volodymyr Zelenskyy",),
                "places": ("New York", "Kyiv"),
                "organisations": ("United Nations",),
            },
            keywords=("armour",),
        ).model_copy(update={"word_count": 300}),
        page(
            "bridge",
            "The old stone bridge fell into the river at 10:30. Nobody was walking on it.",
            title="A bridge falls",
            site="example.org",
            url="https://example.org/a/bridge",
            source="crawl",
            published="2024-06-15T23:30:00Z",
            authors=("Austen Chamberlain",),
            tags=("peace",),
        ).model_copy(update={"word_count": 500}),
        page(
            "cook",
            "Cooks and cookery: the walk to the market, C++ for chefs, café au lait. Write to jane.doe@example.org.",
            title="The cookbook",
            site="xn--mnchen-3ya.de",
            source="crawl",
            published="2023-05-01",
            tags=("food", "war"),
        ).model_copy(update={"word_count": 20}),
        page("haus", "Die Häuser am Fluss sind alt.", title="Alte Häuser", language="de", site="haus.de"),
        page("kyoto", "京都の天気は晴れです。東京大学の学生。", title="天気", language="ja", tags=("天気",)),
        page("far", f"A river ran here. {FILLER * 2} There was once a bridge.", language="en"),
        page("near", "The bridge over one small river. #MeToo and 3.14 of it.", published="2022-12-31"),
        page("turned", "A river under its bridge.", published="2022-01-01"),
    )
    yield opened
    opened.close()


def found(engine: Engine, q: str, match: str = "all") -> str:
    """The ids that a query finds, parted by spaces, in alphabetical order."""
    tree = parse(q, mode="strict").tree
    answer = engine.index.search(EngineQuery(tree=tree, match=match, size=50, snippets=False))
    assert answer.total.value == len(answer.hits)
    return " ".join(sorted(hit.id for hit in answer.hits))


EVERYTHING = "bridge cook far haus kyoto near tanks turned"


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", EVERYTHING),
        ("*", EVERYTHING),
        ("tanks OR cookery", "cook tanks"),
        ("tanks OR cookery OR fluss", "cook haus tanks"),
        ("bridge AND old", "bridge tanks"),
        ("bridge old OR small", "bridge near tanks"),
        ("(bridge AND small) OR cookery", "cook near"),
        ("bridge AND small OR cookery", "cook near"),
        ("bridge AND (small OR old)", "bridge near tanks"),
        ("(tanks OR stone) (engineers OR nobody)", "bridge tanks"),
        ("bridge -river", ""),
        ("river -bridge", ""),
        ("river -old", "far near turned"),
        ("river NOT old", "far near turned"),
        ("river AND NOT old", "far near turned"),
        ("river −old", "far near turned"),
        ('river -"stone bridge"', "far near tanks turned"),
        ("river -(old OR small)", "far turned"),
        ("river -(old stone)", "far near tanks turned"),
        ("-river", "cook haus kyoto"),
        ("NOT river", "cook haus kyoto"),
        ("-river -haus", "cook kyoto"),
        ("NOT NOT tanks", "tanks"),
        ("tanks OR -river", "cook haus kyoto tanks"),
        ("-(tanks OR -river)", "bridge far near turned"),
        ("+bridge river", "bridge far near tanks turned"),
        ("absent OR tanks", "tanks"),
        ("absent AND tanks", ""),
        ("tanks -absent", "tanks"),
        ("((((tanks))))", "tanks"),
        ("(river (bridge (old (stone))))", "bridge"),
        ("bridge and old", ""),
    ],
)
def test_words_are_put_together_as_they_are_written(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("tanks cookery", "cook tanks"),
        ("tanks cookery -market", "tanks"),
        ("+tanks cookery", "tanks"),
        ("+bridge tanks cookery", "bridge far near tanks turned"),
        ("(tanks AND absent) cookery", "cook"),
        ("tanks AND river cookery", "cook tanks"),
        ("-river", "cook haus kyoto"),
        ("tanks fluss absent", "haus tanks"),
        ("tanks cookery tag:food", "cook"),
        ("tanks stone date:2024-06", "bridge"),
        ("site:example.com", "tanks"),
        ("stone site:example.com", ""),
        ("river -(old stone)", "far near tanks turned"),
        ("absent", ""),
        ("walk* absent", "bridge cook tanks"),
    ],
)
def test_for_best_any_word_will_do_but_what_is_required_barred_or_a_condition_holds(
    library: Engine, q: str, expected: str
) -> None:
    assert found(library, q, "best") == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ('"old bridge"', "tanks"),
        ('"bridge old"', ""),
        ('"old stone bridge"', "bridge"),
        ('"old bridge"~1', "bridge tanks"),
        ('"bridge old"~1', "bridge tanks"),
        ('"bridge river"~2', "turned"),
        ('"bridge river"~3', "bridge near turned"),
        ('"river bridge"~3', "bridge near turned"),
        ('"river bridge"~50', "bridge far near turned"),
        ('"river bridge"', ""),
        ('"stone river bridge"~3', ""),
        ('"stone river bridge"~4', "bridge"),
        ('title:"cross river"~1', "tanks"),
        ('"T-62 tanks"', "tanks"),
        ("“old bridge”", "tanks"),
        ("„old bridge“", "tanks"),
        ("«old bridge»", "tanks"),
        ("「天気は晴れ」", "kyoto"),
        ('"walk behind"', "tanks"),
        ('-"old bridge" bridge', "bridge far near turned"),
        ('"old bridge" OR "stone bridge"', "bridge tanks"),
    ],
)
def test_phrases_stand_side_by_side_or_near_each_other(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


def test_a_word_is_near_another_or_itself_up_to_the_distance_and_no_further(engine: Engine) -> None:
    for apart in range(8):
        between = "stone " * apart
        put(engine, page(f"both{apart}", f"A river {between}bridge"), page(f"twice{apart}", f"A river {between}river"))
    for slop in range(1, 7):
        within = {str(apart) for apart in range(slop + 1)}
        for q in (f'"river bridge"~{slop}', f'"bridge river"~{slop}'):
            assert set(found(engine, q).split()) == {f"both{apart}" for apart in within}
        for q in (f'"river river"~{slop}', f'"river rivers river"~{slop}'):
            assert set(found(engine, q).split()) == {f"twice{apart}" for apart in within}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("walk*", "bridge cook tanks"),
        ("walki*", "bridge"),
        ("WALK*", "bridge cook tanks"),
        ("cook*", "cook"),
        ("cookb*", "cook"),
        ("caf*", "cook"),
        ("cafe*", "cook"),
        ("café*", "cook"),
        ("hau*", "haus"),
        ("häu*", "haus"),
        ("T-6*", "tanks"),
        ("10:3*", "bridge"),
        ("3.1*", "near"),
        ("#met*", "near"),
        ("京都*", "kyoto"),
        ("東京大*", "kyoto"),
        ("xyz*", ""),
        ("ta* br*", "tanks"),
        ("river -wal*", "far near turned"),
        ("walki* OR fluss", "bridge haus"),
        ("bridge~1", "bridge far near tanks turned"),
        ("brigde~1", "bridge far near tanks turned"),
        ("brige~1", "bridge far near tanks turned"),
        ("brridge~1", "bridge far near tanks turned"),
        ("bridfe~", "bridge far near tanks turned"),
        ("brigfe~1", ""),
        ("brigfe~2", "bridge far near tanks turned"),
        ("walks~1", "bridge cook tanks"),
        ("cafe~1", "cook"),
        ("stone~1 river~1", "bridge"),
        ("-bridge~1 river", ""),
    ],
)
def test_beginnings_and_misspelt_words(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("title:tanks", "tanks"),
        ("title:tank", "tanks"),
        ("title:bridge", "bridge"),
        ('title:"bridge falls"', "bridge"),
        ('title:"falls bridge"', ""),
        ("title:(tanks OR cookbook)", "cook tanks"),
        ("title:(tanks cross)", "tanks"),
        ("title:(tanks stone)", ""),
        ("title:cookb*", "cook"),
        ("title:walk*", ""),
        ("title:brigde~1", "bridge"),
        ("title:haus", "haus"),
        ("title:天気", "kyoto"),
        ("title:*", "bridge cook haus kyoto tanks"),
        ("-title:*", "far near turned"),
        ("text:cookery", "cook"),
        ("text:falls", ""),
        ("text:cross", ""),
        ("text:river -title:river", "bridge far near turned"),
        ("text:river", "bridge far near turned"),
        ("text:天気", "kyoto"),
        ('text:"cross the river"', ""),
        ('text:"river small"~1', "near"),
        ("text:(river OR cookbook)", "bridge far near turned"),
        ("text:engineer", "tanks"),
        ('text:"stone bridge"', "bridge"),
        ("text:walki*", "bridge"),
        ("text:*", EVERYTHING),
        ("exact:walking", "bridge"),
        ("exact:walked", "tanks"),
        ("exact:walk", "cook"),
        ("exact:WALK", "cook"),
        ("exact:häuser", "haus"),
        ("exact:haus", ""),
        ('exact:"old bridge"', "tanks"),
        ('exact:"walk behind"', ""),
        ("exact:(walking OR walked)", "bridge tanks"),
        ("url:example.org", "bridge"),
        ("url:tanks", "tanks"),
        ("url:https://example.org/a/bridge", "bridge"),
        ('url:"war tanks"', "tanks"),
        ("url:bri*", "bridge"),
        ("url:*", "bridge tanks"),
        ("TITLE:tanks", "tanks"),
        ("title:tanks^2 title:river", "tanks"),
    ],
)
def test_fields_of_words(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("author:austen", "bridge tanks"),
        ('author:"jane austen"', "tanks"),
        ('author:"Jane Austen"', "tanks"),
        ('author:"austen jane"', ""),
        ('author:"austen emile"', ""),
        ("author:emile", "tanks"),
        ("author:Émile", "tanks"),
        ("author:aust*", "bridge tanks"),
        ("author:austin~1", "bridge tanks"),
        ("author:(zola OR chamberlain)", "bridge tanks"),
        ("author:(zola austen)", "tanks"),
        ("author:*", "bridge tanks"),
        ("river -author:*", "far near turned"),
        ("source:bbc", "tanks"),
        ('source:"BBC News"', "tanks"),
        ("source:crawl", "bridge cook"),
        ("tag:war", "cook tanks"),
        ("tag:WAR", "cook tanks"),
        ("tag:heavy", "tanks"),
        ('tag:"heavy metal"', "tanks"),
        ("tag:天気", "kyoto"),
        ("tag:war -tag:food", "tanks"),
        ("tag:(food OR peace)", "bridge cook"),
        ("tag:*", "bridge cook kyoto tanks"),
        ("person:zelenskyy", "tanks"),
        ("place:york", "tanks"),
        ('place:"new york"', "tanks"),
        ("organisation:nations", "tanks"),
        ("keyword:armour", "tanks"),
        ("keyword:tanks", ""),
        ("site:example.com", "tanks"),
        ("site:EXAMPLE.com", "tanks"),
        ("site:www.example.com", "tanks"),
        ("site:münchen.de", "cook"),
        ("site:example*", "bridge tanks"),
        ("site:(example.com OR haus.de)", "haus tanks"),
        ("site:example", ""),
        ("site:*", "bridge cook haus tanks"),
        ("language:de", "haus"),
        ("language:DE", "haus"),
        ("language:de-AT", "haus"),
        ("-language:en", "haus kyoto"),
        ("language:(de OR ja)", "haus kyoto"),
        ("bridge site:example.org author:austen", "bridge"),
        ("tanks OR site:haus.de", "haus tanks"),
        ("ｔａｇ：war", "cook tanks"),
    ],
)
def test_fields_of_names_and_of_whole_values(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("date:2024", "bridge tanks"),
        ("date:2024-01", "tanks"),
        ("date:2024-01-31", "tanks"),
        ("date:2024-06-15", "bridge"),
        ("date:[2024-01-01 TO 2024-06-30]", "bridge tanks"),
        ("date:[2024-01-31 TO 2024-06-15]", "bridge tanks"),
        ("date:{2024-01-31 TO 2024-06-15}", ""),
        ("date:2022..2023", "cook near turned"),
        ("date:2022-12..2024-01", "cook near tanks"),
        ("date:>=2024-02", "bridge"),
        ("date:>2024-01-31", "bridge"),
        ("date:<2023", "near turned"),
        ("date:<=2022-01-01", "turned"),
        ("date:..2022-06", "turned"),
        ("date:2024-06..", "bridge"),
        ("date:[* TO 2022-06]", "turned"),
        ("date:*", "bridge cook near tanks turned"),
        ("-date:*", "far haus kyoto"),
        ("date:(2022 OR 2023)", "cook near turned"),
        ("river date:2022", "near turned"),
        ("river -date:2022", "bridge far tanks"),
        ("date:0001..9999", "bridge cook near tanks turned"),
        ("words:300", "tanks"),
        ("words:>=300", "bridge tanks"),
        ("words:>300", "bridge"),
        ("words:300..500", "bridge tanks"),
        ("words:[300 TO 499]", "tanks"),
        ("words:20", "cook"),
        ("river words:<100", "far near turned"),
        ("words:*", EVERYTHING),
    ],
)
def test_ranges_of_days_and_of_numbers(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("10:30", "bridge"),
        ("C++", "cook"),
        ("Ukraine’s", "tanks"),
        ("ukraine", "tanks"),
        ("T62", "tanks"),
        ("-T-62 old", "bridge"),
        ("#MeToo", "near"),
        ("jane.doe@example.org", "cook"),
        ("https://news.example.com/war/tanks-cross.html", "tanks"),
        ("colour:red", ""),
        ("at:10:30", "bridge"),
        ("（tanks　ＯＲ　cookery）", "cook tanks"),
        ("\u200fbridge\u200f -old", "far near turned"),
        ("cafe\u0301", "cook"),
        ("天気", "kyoto"),
        ("東京 京都", "kyoto"),
        ("京都 -大学", ""),
        ("Häuser", "haus"),
        ("bridge, river!", "bridge far near tanks turned"),
    ],
)
def test_what_a_person_types_means_what_it_says(library: Engine, q: str, expected: str) -> None:
    assert found(library, q) == expected


def test_a_boost_lifts_what_it_stands_behind(engine: Engine) -> None:
    put(engine, page("heron", "A heron stands in the reeds."), page("otter", "An otter swims in the reeds."))
    for q, first in (
        ("heron^9 OR otter", "heron"),
        ("heron OR otter^9", "otter"),
        ("(heron reeds)^9 OR otter", "heron"),
    ):
        assert walk(engine, q)[0] == first
    assert walk(engine, "reeds AND (heron^0.1 OR otter)")[0] == "otter"


def test_a_boosted_condition_lifts_what_it_holds_for(engine: Engine) -> None:
    put(engine, page("a", "A heron.", tags=("bird",)), page("b", "A heron, a heron, a heron."))
    assert walk(engine, "heron tag:bird") == ["a"]
    assert walk(engine, "heron OR tag:bird^50")[0] == "a"


def test_conditions_alone_put_the_newest_first(engine: Engine) -> None:
    put(
        engine,
        page("old", "x", tags=("t",), published="2001-01-01"),
        page("new", "x", tags=("t",), published="2021-01-01"),
    )
    for q in ("tag:t", "date:2001..", "-absent", "tag:t OR tag:u", "xylo* OR tag:t", "*"):
        answer = ask(engine, q)
        assert [hit.id for hit in answer.hits] == ["new", "old"]
        assert [hit.score for hit in answer.hits] == [None, None]


def test_the_word_as_it_was_typed_comes_before_those_that_are_like_it(engine: Engine) -> None:
    put(engine, page("like", "The otters were here."), page("typed", "The otter was here."), page("off", "Nothing."))
    assert walk(engine, "otter~2")[0] == "typed"


def test_conditions_narrow_as_filters_do_and_with_them(library: Engine) -> None:
    for q, filters in (
        ("river tag:war", Filters()),
        ("river", Filters(tag=("war",))),
        ("tag:war", Filters(site=("example.com",))),
    ):
        assert [hit.id for hit in ask(library, q, filters=filters).hits] == ["tanks"]


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("walk*", "<mark>walking</mark>"),
        ("brigde~1", "<mark>bridge</mark>"),
        ("nobdy~1", "<mark>Nobody</mark>"),
        ('"old bridge"~1', "<mark>old</mark> stone <mark>bridge</mark>"),
        ('"bridge stone"~0', ""),
        ("exact:walking", "<mark>walking</mark>"),
        ("text:walks", "<mark>walking</mark>"),
        ("stone OR absent", "<mark>stone</mark>"),
        ("stone -absent", "<mark>stone</mark>"),
        ("(stone)^2", "<mark>stone</mark>"),
        ("author:austen nobody", "<mark>Nobody</mark>"),
        ("10:3*", "<mark>10:30</mark>"),
    ],
)
def test_snippets_mark_what_each_form_found(library: Engine, q: str, marked: str) -> None:
    answer = ask(library, f"({q}) AND site:example.org")
    assert (answer.total.value == 1) == bool(marked)
    if marked:
        assert marked in (answer.hits[0].snippet or "")


def test_a_snippet_does_not_mark_what_must_not_match(library: Engine) -> None:
    assert "<mark>bridge</mark>" not in snippet(library, "river -(bridge old) -absent")
    assert "<mark>river</mark>" in snippet(library, "river -(bridge old) -absent")


def test_the_deepest_query_is_answered(library: Engine) -> None:
    q = "old"
    for level in range(23):
        q = f"({q} {'AND' if level % 2 else 'OR'} bridge)"
    assert found(library, q) == "bridge far near tanks turned"
    q = "old"
    for _ in range(11):
        q = f"-({q} OR absent)"
    assert found(library, q) == "cook far haus kyoto near turned"


def test_the_longest_query_is_answered(library: Engine) -> None:
    names = " OR ".join(f"w{number}" for number in range(255))
    assert found(library, f"{names} OR tanks") == "tanks"
    assert found(library, " ".join(f"-w{number}" for number in range(255)) + " tanks") == "tanks"
    assert found(library, " OR ".join(f"tag:w{number}" for number in range(255)) + " OR tanks") == "tanks"
    assert found(library, " OR ".join(f"wo{number}*" for number in range(15)) + " OR tank*") == "tanks"


@pytest.mark.parametrize("match", ["all", "best"])
def test_pages_of_results_neither_skip_nor_repeat_whatever_the_form(engine: Engine, match: str) -> None:
    put(engine, *(page(f"p{number:02}", f"heron {number} " * (1 + number % 3), tags=("t",)) for number in range(25)))
    for q in ("heron", "her*", "herom~1", "tag:t", "heron OR otter", "-otter", "heron^2 tag:t"):
        ids = walk(engine, q, size=4, match=match)
        assert sorted(ids) == [f"p{number:02}" for number in range(25)]


def test_the_first_query_ever_may_be_long_and_its_words_have_their_forms(engine: Engine) -> None:
    """The engine is asked for the figures of many words otherwise than for those of a few."""
    names = " ".join(f"w{number}" for number in range(17))
    put(engine, page("a", f"She was walking home. {names}"))
    assert [hit.id for hit in ask(engine, f"{names} walks").hits] == ["a"]


@pytest.mark.parametrize(
    ("q", "word", "form"),
    [
        ("Walking", "walking", ("en", "walk")),
        ("HÄUSER", "häuser", ("de", "haus")),
        ("author:ÉMILE", "émile", (None, "emile")),
        ("exact:Walking", "walking", (None, "walking")),
        ("-bridges", "bridges", ("en", "bridg")),
    ],
)
def test_it_is_told_what_each_word_became(library: Engine, q: str, word: str, form: tuple[str | None, str]) -> None:
    (told,) = library.index.words(EngineQuery(tree=parse(q).tree))
    assert told.word == word
    assert form in [(each.language, each.form) for each in told.forms]


def test_the_words_of_a_query_are_told_in_order(library: Engine) -> None:
    told = library.index.words(EngineQuery(tree=parse("(old OR stone) -bridge 天気").tree))
    assert [word.word for word in told] == ["old", "stone", "天気", "bridge"]
    assert library.index.words(EngineQuery(tree=parse("").tree)) == ()
