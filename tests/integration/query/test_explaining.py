"""Given a query, then its explanation tells how it was understood, and with no hits what is to blame."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.search.tantivy import TantivyWriter
from tests.integration.query.conftest import Service, page, problem_in


@pytest.fixture(autouse=True)
def library(writer: TantivyWriter) -> None:
    """Three pages."""
    writer.index(
        [
            page(
                "grain",
                "Ships were loading grain in the harbour.",
                title="Grain",
                tags=("trade",),
                published="2024-01-01",
            ),
            page("bread", "A recipe for bread needs grain, and a harbour of harbours.", title="Bread"),
            page("hafen", "Der Hafen und die Häuser", language="de"),
        ]
    )


def explained(service: Service, q: str, **parameters: Any) -> Any:
    answer = service.get("/v1/search/explain", params={"q": q, **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def clauses(told: Any) -> Iterator[tuple[str, str, int]]:
    """Kind, text and documents of every part, from the outside in."""
    yield told["kind"], told["text"], told["documents"]
    for part in told["parts"]:
        yield from clauses(part)


def blamed(told: Any) -> list[tuple[str, str]]:
    return [(each["text"], each["reason"]) for each in told["blame"]]


def offered(told: Any) -> list[tuple[str, str, int]]:
    return [(each["kind"], each["q"], each["documents"]) for each in told["offers"]]


def test_the_tree_is_told_with_how_many_documents_each_part_matches_by_itself(service: Service) -> None:
    told = explained(service, '"loading grain" (bread OR title:grain)  -tag:food')
    assert list(clauses(told["tree"])) == [
        ("all", '"loading grain" bread OR title:grain -tag:food', 1),
        ("phrase", '"loading grain"', 1),
        ("or", "bread OR title:grain", 2),
        ("word", "bread", 1),
        ("in", "title:grain", 1),
        ("word", "grain", 1),
        ("not", "-tag:food", 3),
        ("in", "tag:food", 0),
        ("word", "food", 0),
    ]
    assert told["tree"]["parts"][1]["position"] == [17, 37]
    assert (told["q"], told["match"]) == ('"loading grain" bread OR title:grain -tag:food', "all")
    assert (told["total"]["value"], told["blame"], told["offers"]) == (1, [], [])


def test_each_word_is_told_as_it_is_indexed(service: Service) -> None:
    (loaded, houses) = explained(service, "Loaded HÄUSER")["tree"]["parts"]
    (word,) = loaded["words"]
    assert (word["word"], word["forms"]) == ("loaded", [{"language": "en", "form": "load", "documents": 1}])
    (word,) = houses["words"]
    assert [(form["language"], form["form"]) for form in word["forms"]] == [(None, "häuser"), ("de", "haus")]


@pytest.mark.parametrize(
    ("q", "blame", "offers"),
    [
        ("harbuor grain", [("harbuor", "nowhere")], [("spelling", "harbour grain", 2), ("without", "grain", 2)]),
        ("zebra grain", [("zebra", "nowhere")], [("without", "grain", 2)]),
        ("zebra", [("zebra", "nowhere")], []),
        (
            "bread ships",
            [("bread", "together"), ("ships", "together")],
            [("without", "ships", 1), ("without", "bread", 1)],
        ),
        (
            "grain -harbour",
            [("grain", "together"), ("-harbour", "together")],
            [("without", "-harbour", 1), ("without", "grain", 2)],
        ),
        ("bread AND (zebra OR giraffe)", [("zebra OR giraffe", "nowhere")], [("without", "bread", 1)]),
        ("grain tag:food", [("tag:food", "nowhere")], [("without", "grain", 2)]),
        ("grain date:2020", [("date:2020-01-01..2020-12-31", "nowhere")], [("without", "grain", 2)]),
        ('"grain loading"', [('"grain loading"', "nowhere")], []),
        ("zzzz harbuor", [("zzzz", "nowhere"), ("harbuor", "nowhere")], [("spelling", "harbour", 2)]),
        ("zzzz qqqq", [("zzzz", "nowhere"), ("qqqq", "nowhere")], []),
        ('"in the harbuor"', [('"in the harbuor"', "nowhere")], [("spelling", '"in the harbour"', 1)]),
        ('title:"Graim"', [('title:"Graim"', "nowhere")], [("spelling", 'title:"grain"', 1)]),
        ("title:braed", [("title:braed", "nowhere")], [("spelling", "title:bread", 1)]),
    ],
)  # fmt: skip
def test_with_no_hits_the_part_to_blame_is_named_and_what_has_hits_is_offered(
    service: Service, q: str, blame: list[tuple[str, str]], offers: list[tuple[str, str, int]]
) -> None:
    told = explained(service, q)
    assert told["total"]["value"] == 0
    assert blamed(told) == blame
    assert offered(told) == offers


def test_a_sign_that_is_not_looked_for_is_to_blame_only_where_there_is_nothing_else(service: Service) -> None:
    told = explained(service, "\N{ROCKET} grain submarine")
    assert [blame["text"] for blame in told["blame"]] == ["submarine"]
    (alone,) = explained(service, "\N{ROCKET}")["blame"]
    assert alone["detail"] == "\N{ROCKET} has no letter and no digit: nothing is looked for."


def test_every_offer_finds_what_it_says(service: Service) -> None:
    for q in ("harbuor grian", "bread ships zebra", "title:braed laoding", "-grain -hafen"):
        for offer in explained(service, q)["offers"]:
            assert service.search(q=offer["q"], match="all")["total"]["value"] == offer["documents"] > 0


def test_filters_that_leave_nothing_are_to_blame_themselves(service: Service) -> None:
    told = explained(service, "bread", tag="trade")
    assert blamed(told) == [("bread", "filters")]
    assert offered(told) == [("without-filters", "bread", 1)]
    assert offered(explained(service, "", tag="none")) == [("without-filters", "", 3)]


def test_mistakes_are_warned_of_or_refused_as_in_a_search(service: Service) -> None:
    assert [warning["code"] for warning in explained(service, "(grain")["warnings"]] == ["unclosed-parenthesis"]
    refusal = problem_in(service.get("/v1/search/explain", params={"q": "(grain", "mode": "strict"}))
    assert (refusal["code"], refusal["position"], refusal["pointer"]) == ("query-syntax", [0, 1], "/query/q")


def test_a_query_of_many_parts_is_explained_and_not_all_of_them_are_counted(service: Service) -> None:
    tree = explained(service, "grain " * 250)["tree"]
    counts = [documents for _, _, documents in clauses(tree)]
    assert len(counts) == 251
    assert counts[:10] == [2] * 10
    assert counts[-1] is None


def test_strict_mode_names_the_limit_and_lenient_mode_answers(service: Service) -> None:
    for q, limit in (("a* grain", "PAGEMILL_QUERY_WILDCARD_MIN_CHARS"), ("grain " * 300, "PAGEMILL_QUERY_MAX_CLAUSES")):
        refusal = service.refusal(q=q, mode="strict")
        assert (refusal["status"], refusal["code"], refusal["limit"]) == (422, "query-too-complex", limit)
        assert refusal["position"]
        assert service.search(q=q)["warnings"][0]["position"]
