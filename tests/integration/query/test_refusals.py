"""Given a search that makes no sense, then it is refused by a problem that points at what is wrong."""

from typing import Any

import pytest

from shared.search.tantivy import TantivyIndex
from tests.integration.query.conftest import Service, problem_in, serve

WRONG: list[tuple[str, Any]] = [
    ("colour", "red"),
    ("published_from", "2024-01-01"),
    ("size", "101"),
    ("size", "-1"),
    ("size", "ten"),
    ("size", ""),
    ("facet_size", "1001"),
    ("facet_size", "0"),
    ("freshness", "0"),
    ("freshness", "soon"),
    ("sort", "best"),
    ("histogram", "hour"),
    ("fold", "site"),
    ("snippet", "maybe"),
    ("mode", "loose"),
    ("match", "any"),
    ("from", "2024-13-01"),
    ("to", "2024-02-30"),
    ("indexed_from", "yesterday"),
    ("indexed_to", "24"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_parameter_is_pointed_at(service: Service, name: str, value: str) -> None:
    by_get = service.refusal(**{name: value})
    by_post = problem_in(service.ask("POST", "/v1/search", json={name: value}))
    assert (by_get["status"], by_get["code"], by_get["pointer"]) == (422, "invalid", f"/query/{name}")
    assert (by_post["status"], by_post["code"], by_post["pointer"]) == (422, "invalid", f"/{name}")


@pytest.mark.parametrize("name", ["size", "q", "sort", "from", "cursor", "histogram"])
def test_what_has_one_value_is_refused_when_given_twice(service: Service, name: str) -> None:
    problem = problem_in(service.get(f"/v1/search?{name}=a&{name}=b"))
    assert (problem["status"], problem["pointer"]) == (422, f"/query/{name}")


def test_one_wrong_value_of_several_is_pointed_at(service: Service) -> None:
    assert service.refusal(facets="site,colour")["pointer"] == "/query/facets/1"
    assert service.refusal(tag=["a", ""])["pointer"] == "/query/tag/1"
    assert problem_in(service.ask("POST", "/v1/search", json={"tag": ["a", 5]}))["pointer"] == "/tag/1"


def test_a_value_that_is_too_long_has_too_many_characters(service: Service) -> None:
    assert service.refusal(site="x" * 1025)["detail"].endswith(
        "...: value should have at most 1024 characters, not 1025"
    )


def test_a_range_that_ends_before_it_begins_is_refused(service: Service) -> None:
    assert service.refusal(**{"from": "2024-02-01", "to": "2024-01-31"})["pointer"] == "/query/to"
    assert service.refusal(indexed_from="2024-02-01", indexed_to="2024-01-31")["pointer"] == "/query/indexed_to"


def test_a_query_may_be_so_long_and_no_longer(index: TantivyIndex) -> None:
    service = serve(index, query_max_chars=20)
    assert service.get("/v1/search", params={"q": "🙂" * 20}).status_code == 200
    problem = service.refusal(q="🙂" * 21)
    assert (problem["status"], problem["code"]) == (422, "query-too-long")
    assert (problem["pointer"], problem["limit"]) == ("/query/q", "PAGEMILL_QUERY_MAX_CHARS")
    problem = problem_in(service.ask("POST", "/v1/search", json={"q": "x" * 21, "mode": "strict"}))
    assert (problem["code"], problem["pointer"]) == ("query-too-long", "/q")
    service.close()


def test_a_mistake_in_the_query_is_read_past_unless_strictness_was_asked_for(service: Service) -> None:
    (warning,) = service.search(q='one "two three', match="all")["warnings"]
    assert (warning["code"], warning["position"]) == ("unclosed-quote", [4, 14])
    problem = service.refusal(q='one "two three', mode="strict")
    assert (problem["status"], problem["code"]) == (422, "query-syntax")
    assert (problem["pointer"], problem["position"]) == ("/query/q", [4, 14])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'"grain"', 422),
        (b"", 422),
        (b'{"q": "\\ud800"}', 422),
        (b'{"tag": ["\\ud800"]}', 422),
        (b'{"cursor": "\\ud800"}', 422),
        (b'{"size": NaN}', 400),
        (b'{"freshness": 1e999}', 422),
        (b"\xff\xfe", 400),
        (b'{"tag": ' + b"[" * 100 + b"]" * 100 + b"}", 422),
        (b'{"tag": {}}', 422),
        (b'{"q": {"a": 1}}', 422),
        (b'{"size": 1.5}', 422),
        (b'{"size": 100000000000000000000000000}', 422),
        (b'{"tag": [' + b",".join([b'"x%d"' % n for n in range(1001)]) + b"]}", 422),
    ],
)
def test_a_body_that_cannot_be_read_or_understood_is_never_our_fault(
    service: Service, body: bytes, status: int
) -> None:
    answer = service.ask("POST", "/v1/search", content=body, headers={"Content-Type": "application/json"})
    assert problem_in(answer)["status"] == status


def test_a_body_of_another_kind_is_refused(service: Service) -> None:
    answer = service.ask("POST", "/v1/search", content=b"q=grain", headers={"Content-Type": "text/plain"})
    assert problem_in(answer)["code"] == "unsupported-media-type"


def test_null_in_a_body_is_as_good_as_absent(service: Service) -> None:
    told = service.post(q=None, size=None, tag=None, cursor=None, facets=None, histogram=None, fold=None, snippet=None)
    assert told["warnings"] == []


def test_parameters_of_a_post_stand_in_its_body_alone(service: Service) -> None:
    answer = service.ask("POST", "/v1/search?q=grain", json={})
    assert problem_in(answer)["pointer"] == "/query/q"


@pytest.mark.parametrize("path", ["/v1/search/similar", "/v1/searches", "/v1/documents", "/v1/documents/a/b", "/v2"])
def test_an_address_that_is_none_is_not_found(service: Service, path: str) -> None:
    assert problem_in(service.get(path))["code"] == "not-found"


def test_every_answer_that_can_be_is_described(service: Service) -> None:
    described = service.get("/openapi.json").json()["paths"]
    for method in ("get", "post"):
        answers = described["/v1/search"][method]["responses"]
        assert {"200", "403", "410", "422", "503"} <= set(answers)
        assert "cursor-expired" in answers["410"]["description"]
    names = {parameter["name"] for parameter in described["/v1/search"]["get"]["parameters"]}
    assert {"q", "from", "to", "site", "facets", "fold", "match", "cursor"} <= names
    assert {"200", "304", "404"} <= set(described["/v1/documents/{page_id}"]["get"]["responses"])
