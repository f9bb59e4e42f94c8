"""Given a page that is searchable, then it is given in full, and again only when it has changed."""

import pytest

from shared.models.document import Document
from shared.search.tantivy import TantivyWriter
from tests.integration.query.conftest import Service, page, problem_in

NAMED = """id version url canonical_url title standfirst text authors published fetched_at indexed_at language site
publisher source tags names keywords images word_count reading_minutes story quality clipped evidence enrichment
metadata"""


def test_a_document_of_which_little_is_known_has_every_field_all_the_same(
    service: Service, writer: TantivyWriter
) -> None:
    writer.index([page("p", "A text.", language=None, indexed_at=None)])
    told = service.get("/v1/documents/p").json()
    assert set(NAMED.split()) <= set(told)
    unknown = {name: told[name] for name in ("url", "title", "published", "language", "site", "story", "clipped")}
    assert set(unknown.values()) == {None}
    assert (told["authors"], told["tags"], told["images"], told["keywords"], told["quality"]) == ([], [], [], [], [])
    assert told["names"] == {"people": [], "places": [], "organisations": []}
    assert (told["evidence"], told["enrichment"], told["metadata"]) == ({}, {}, {})


def test_a_document_is_given_as_it_was_made_searchable(service: Service, writer: TantivyWriter) -> None:
    document = page(
        "p-1_Z",
        "Erster Absatz.\n\nZweiter <b>Absatz</b>.",
        title="Ein Titel",
        published="2024-01-31",
        authors=("A", "B"),
        tags=("t",),
        images=({"url": "https://example.com/i.png", "alt": "x", "role": "lead"},),
        metadata={"n": 1, "f": 1.5, "b": True, "none": None},
        version=2**53 - 1,
        fetched_at="2024-06-01T12:00:00+02:00",
    )
    writer.index([document])
    answer = service.get("/v1/documents/p-1_Z")
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert Document.model_validate(told) == document
    assert (told["text"], told["published"], told["version"]) == (document.text, "2024-01-31", 2**53 - 1)
    assert told["fetched_at"] == "2024-06-01T10:00:00Z"
    assert told["indexed_at"] == "2024-06-01T00:00:00Z"


@pytest.mark.parametrize("page_id", ["nowhere", "a b", "x" * 65, "%2e%2e", "ü", "a%2Fb", "a%00b"])
def test_what_is_not_there_is_not_found(service: Service, writer: TantivyWriter, page_id: str) -> None:
    writer.index([page("p", "text")])
    problem = problem_in(service.get(f"/v1/documents/{page_id}"))
    assert (problem["status"], problem["code"]) in {(404, "document-not-found"), (404, "not-found")}


def test_a_document_that_was_taken_out_is_not_found(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("p", "text")])
    assert service.get("/v1/documents/p").status_code == 200
    writer.delete({"p": 2})
    assert problem_in(service.get("/v1/documents/p"))["code"] == "document-not-found"


def test_a_client_that_has_the_document_is_spared_it_until_it_changes(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("p", "text")])
    first = service.get("/v1/documents/p")
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert first.headers["cache-control"] == "private, no-cache"
    same = service.get("/v1/documents/p", headers={"If-None-Match": f'"other", {etag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    writer.index([page("p", "text", revision=1)])
    enriched = service.get("/v1/documents/p", headers={"If-None-Match": etag})
    assert (enriched.status_code, enriched.json()["revision"]) == (200, 1)
    writer.index([page("p", "other text", version=2)])
    newer = service.get("/v1/documents/p", headers={"If-None-Match": enriched.headers["etag"]})
    assert (newer.status_code, newer.json()["text"]) == (200, "other text")


def test_a_document_takes_no_parameters(service: Service) -> None:
    assert problem_in(service.get("/v1/documents/p?fields=title"))["pointer"] == "/query/fields"


def test_documents_like_one_are_given_as_hits(service: Service, writer: TantivyWriter) -> None:
    turbines = "Steam turbines turn heat into motion."
    writer.index([page("p", turbines, title="Turbines"), page("q", turbines, title="More turbines", site="a.org")])
    told = service.get("/v1/documents/p/similar").json()
    assert [(hit["id"], hit["title"], hit["site"]) for hit in told["hits"]] == [("q", "More turbines", "a.org")]
    assert told["took_ms"] > 0


def test_a_page_that_is_not_there_has_none_like_it(service: Service) -> None:
    told = problem_in(service.get("/v1/documents/nowhere/similar"))
    assert told["code"] == "document-not-found"


@pytest.mark.parametrize("query", ["size=0", "size=51", "size=x", "other=1"])
def test_wrong_parameters_of_similar_are_refused(service: Service, writer: TantivyWriter, query: str) -> None:
    writer.index([page("p", "A text.")])
    assert problem_in(service.get(f"/v1/documents/p/similar?{query}"))["status"] == 422
