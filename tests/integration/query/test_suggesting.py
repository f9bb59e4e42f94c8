"""Given pages with titles, names and keywords, then what is typed is completed."""

import pytest

from shared.search.tantivy import TantivyWriter
from tests.integration.query.conftest import Service, page, problem_in


def test_what_is_typed_is_completed(service: Service, writer: TantivyWriter) -> None:
    names = {"people": ("Jane Austen",)}
    writer.index([page("p", "A text.", names=names, title="Austerity"), page("q", "A text.", names=names)])
    told = service.get("/v1/suggest", params={"q": "aus"}).json()
    assert told["suggestions"] == [
        {"text": "Jane Austen", "kind": "person", "count": 2},
        {"text": "Austerity", "kind": "title", "count": 1},
    ]
    assert told["took_ms"] > 0


def test_an_empty_beginning_is_completed_by_nothing(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("p", "A text.", title="A title")])
    assert service.get("/v1/suggest", params={"q": ""}).json()["suggestions"] == []


@pytest.mark.parametrize("query", ["", "q=a&size=0", "q=a&size=51", "q=a&other=1", f"q={'a' * 257}"])
def test_wrong_parameters_are_refused(service: Service, query: str) -> None:
    assert problem_in(service.get(f"/v1/suggest?{query}"))["status"] == 422
