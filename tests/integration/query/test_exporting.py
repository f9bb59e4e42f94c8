"""Given a search, then its whole result can be had as a file, gone on with where it was cut, and proved whole."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from arro3.io import read_parquet

from services.query.cursor import Seal
from services.query.exports.desk import ExportDesk
from services.query.reading_room import ReadingRoom
from shared.errors import Refused
from shared.models.export_query import ExportQuery
from shared.search.tantivy import TantivyIndex, TantivyWriter
from shared.settings import Settings
from tests.integration.query.conftest import Clock, Service, page, problem_in, serve

FORMATS = ("ndjson", "csv", "parquet")
COUNT = 700
"""More than some pages."""


@pytest.fixture
def library(writer: TantivyWriter) -> None:
    """Pages of the sea, and one of grain."""
    writer.index([page(f"p{number:03}", f"The moon and the sea. {number}") for number in range(COUNT)])
    writer.index([page("grain", "Grain.")])


def export(service: Service, **parameters: Any) -> httpx.Response:
    answer = service.get("/v1/export", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer


def token(answer: httpx.Response) -> str:
    return answer.headers["pagemill-export"]


def manifest(service: Service, answer: httpx.Response, **parameters: Any) -> Any:
    told = service.get("/v1/export/manifest", params={**parameters, "export": token(answer)})
    assert told.status_code == 200, told.text
    return told.json()


def lines(content: bytes) -> list[Any]:
    assert not content or content.endswith(b"\n")
    return [json.loads(line) for line in content.splitlines()]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def table(content: bytes) -> dict[str, list[Any]]:
    read = read_parquet(io.BytesIO(content)).read_all()
    return {name: list(read.column(name).to_pylist()) for name in read.column_names}


def ids_in_table(content: bytes) -> list[Any]:
    return table(content)["id"]


@pytest.mark.usefixtures("library")
def test_every_document_is_in_it_once_as_it_is(service: Service) -> None:
    answer = export(service, q="moon")
    found = lines(answer.content)
    assert {each["id"] for each in found} == {f"p{number:03}" for number in range(COUNT)}
    assert len(found) == COUNT
    assert found[0] == service.get(f"/v1/documents/{found[0]['id']}").json()
    assert answer.headers["pagemill-export-count"] == str(COUNT)
    assert answer.headers["pagemill-export-offset"] == "0"
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["content-disposition"] == 'attachment; filename="export.ndjson"'


@pytest.mark.usefixtures("library")
def test_it_has_the_order_of_the_search(service: Service) -> None:
    ids = [each["id"] for each in lines(export(service, q="moon sea", sort="relevance").content)]
    assert ids[:100] == service.found(q="moon sea", size=100)


@pytest.mark.usefixtures("library")
def test_every_kind_of_file_says_the_same(service: Service) -> None:
    plain = lines(export(service, q="moon").content)
    spread = rows(export(service, q="moon", format="csv").content)
    typed = table(export(service, q="moon", format="parquet").content)
    assert [row["id"] for row in spread] == typed["id"] == [each["id"] for each in plain]
    assert [row["text"] for row in spread] == typed["text"] == [each["text"] for each in plain]
    assert [int(row["word_count"]) for row in spread] == typed["word_count"]
    assert spread[0]["fetched_at"] == plain[0]["fetched_at"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("form", FORMATS)
def test_the_manifest_proves_it_whole(service: Service, form: str) -> None:
    asked = {"q": "moon", "format": form, "language": "en", "match": "all"}
    answer = export(service, **asked)
    told = manifest(service, answer, **asked)
    assert told["complete"] is True
    assert told["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (told["bytes"], told["count"], told["total"], told["left_out"]) == (len(answer.content), COUNT, COUNT, 0)
    assert told["query"] == {"q": "moon", "format": form, "language": ["en"], "match": "all"}
    assert (told["format"], told["match"], told["index"]) == (form, "all", answer.headers["pagemill-index"])


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("form", FORMATS)
def test_it_goes_on_at_any_byte(service: Service, form: str) -> None:
    answer = export(service, q="moon", format=form)
    whole, asked = answer.content, {"q": "moon", "format": form, "export": token(answer)}
    for offset in (0, 1, len(whole) // 3, len(whole) // 2, len(whole) - 1, len(whole), len(whole) + 9):
        rest = export(service, **asked, offset=offset)
        assert rest.content == whole[offset:]
        assert rest.headers["pagemill-export-offset"] == str(offset)
        assert token(rest) == token(answer)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_of_nothing_is_whole(service: Service, form: str) -> None:
    answer = export(service, q="moon", format=form)
    told = manifest(service, answer, q="moon", format=form)
    assert (told["complete"], told["count"], told["bytes"]) == (True, 0, len(answer.content))
    found = {"ndjson": lines, "csv": rows, "parquet": ids_in_table}[form](answer.content)
    assert found == []


@pytest.mark.usefixtures("library")
def test_it_is_of_the_moment_when_it_was_begun(service: Service, writer: TantivyWriter) -> None:
    answer = export(service, q="moon")
    writer.index([page("late", "The moon."), page("p000", "Grain instead.", version=2)])
    assert export(service, q="moon", export=token(answer)).content == answer.content
    assert export(service, q="moon").content != answer.content


@pytest.mark.usefixtures("library")
def test_pages_deleted_meanwhile_are_left_out_of_what_follows(service: Service, writer: TantivyWriter) -> None:
    head = service.ask("HEAD", "/v1/export", params={"q": "moon"})
    writer.delete({f"p{number:03}": 10**6 for number in range(COUNT) if number % 2})
    content = export(service, q="moon", export=token(head)).content
    told = manifest(service, head, q="moon")
    assert (told["complete"], told["sha256"]) == (True, hashlib.sha256(content).hexdigest())
    assert told["count"] + told["left_out"] == told["total"] == COUNT
    assert told["left_out"] >= COUNT // 4
    found = [each["id"] for each in lines(content)]
    assert len(found) == len(set(found)) == told["count"]
    again = export(service, q="moon", export=token(head), offset=10).content
    assert again == content[10:], "what was left out once is so again, and nothing else"


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_one_that_was_only_begun_can_be_worked_out_unread(service: Service, form: str) -> None:
    head = service.ask("HEAD", "/v1/export", params={"q": "moon", "format": form})
    begun = manifest(service, head, q="moon", format=form)
    assert (begun["complete"], begun["sha256"], begun["total"]) == (False, None, COUNT)
    told = manifest(service, head, q="moon", format=form, wait=30)
    content = export(service, q="moon", format=form, export=token(head)).content
    assert (told["complete"], told["sha256"]) == (True, hashlib.sha256(content).hexdigest())


@pytest.mark.usefixtures("library")
def test_cursors_do_not_push_it_out(service: Service, writer: TantivyWriter) -> None:
    answer = export(service, q="moon")
    for number in range(12):
        writer.index([page("other", f"The moon {number}.", version=number + 1)])
        assert service.search(q="moon", size=1)["next"]
    assert export(service, q="moon", export=token(answer)).content == answer.content


@pytest.mark.usefixtures("library")
def test_one_that_was_idle_for_too_long_has_expired(service: Service, clock: Clock) -> None:
    answer = export(service, q="moon")
    clock.pass_by(800)
    assert export(service, q="moon", export=token(answer)).content == answer.content
    clock.pass_by(901)
    for path in ("/v1/export", "/v1/export/manifest"):
        asked = {"q": "moon", "export": token(answer), **({"wait": 1} if path.endswith("manifest") else {})}
        problem = problem_in(service.get(path, params=asked))
        assert (problem["status"], problem["code"]) == (410, "export-expired")
        assert (problem["pointer"], problem["limit"]) == ("/query/export", "PAGEMILL_EXPORT_IDLE_SECONDS")


@pytest.mark.usefixtures("library")
def test_one_that_was_let_go_has_expired(service: Service) -> None:
    answer = export(service, q="moon")
    for _ in range(2):
        gone = service.ask("DELETE", "/v1/export", params={"export": token(answer)})
        assert (gone.status_code, gone.content) == (204, b"")
    problem = problem_in(service.get("/v1/export", params={"q": "moon", "export": token(answer)}))
    assert (problem["status"], problem["code"]) == (410, "export-expired")


@pytest.mark.usefixtures("library")
def test_so_many_are_held_and_no_more(index: TantivyIndex, clock: Clock) -> None:
    service = serve(index, clock, exports_max=2)
    begun = [service.ask("HEAD", "/v1/export", params={"q": "moon"}) for _ in range(2)]
    refused = service.get("/v1/export", params={"q": "moon"})
    problem = problem_in(refused)
    assert (problem["status"], problem["code"], problem["limit"]) == (429, "exports-full", "PAGEMILL_EXPORTS_MAX")
    assert 55 <= int(refused.headers["retry-after"]) <= 60, "then the first one has not been read for a minute"
    service.ask("DELETE", "/v1/export", params={"export": token(begun[0])})
    done = export(service, q="moon")
    assert export(service, q="moon").content == done.content, "one that has been read to its end makes room"
    clock.pass_by(61)
    assert export(service, q="moon").content == done.content, "and so does one that nobody has read for a while"
    service.close()


@pytest.mark.usefixtures("library")
def test_it_goes_on_with_its_own_parameters_alone(service: Service) -> None:
    answer = export(service, q="moon")
    for other in ({"q": "sea"}, {"q": "moon", "format": "csv"}, {"q": "moon", "language": "en"}):
        problem = problem_in(service.get("/v1/export", params={**other, "export": token(answer)}))
        assert (problem["status"], problem["code"]) == (422, "export-mismatch")


def test_another_service_knows_none_of_ours(service: Service, index: TantivyIndex) -> None:
    answer = export(service)
    other = serve(index)
    assert problem_in(other.get("/v1/export", params={"export": token(answer)}))["code"] == "export-expired"
    other.close()


@pytest.mark.parametrize("sealed", ["x", "", "A" * 60, "." * 60])
def test_what_is_no_token_leads_nowhere(service: Service, sealed: str) -> None:
    for method, path in (("GET", "/v1/export"), ("GET", "/v1/export/manifest"), ("DELETE", "/v1/export")):
        problem = problem_in(service.ask(method, path, params={"export": sealed}))
        assert problem["code"] in {"invalid", "export-expired"}
        assert problem["pointer"] == "/query/export"


def test_a_cursor_is_no_token_and_a_token_no_cursor(service: Service, writer: TantivyWriter) -> None:
    writer.index([page("a", "The moon."), page("b", "The moon.")])
    cursor = service.search(q="moon", size=1)["next"]
    assert problem_in(service.get("/v1/export", params={"q": "moon", "export": cursor}))["code"] == "invalid"
    sealed = token(export(service, q="moon"))
    assert service.refusal(q="moon", cursor=sealed)["code"] == "invalid"


@pytest.mark.parametrize(
    "query", ["size=10", "facets=site", "fold=story", "cursor=x", "snippet=false", "offset=-1", "format=xls", "q=a&q=b"]
)
def test_wrong_parameters_are_refused(service: Service, query: str) -> None:
    problem = problem_in(service.get(f"/v1/export?{query}"))
    assert (problem["status"], problem["code"]) == (422, "invalid")


def test_a_mistake_is_told_or_refused(service: Service) -> None:
    answer = export(service, q='"moon')
    assert [each["code"] for each in manifest(service, answer, q='"moon')["warnings"]] == ["unclosed-quote"]
    problem = problem_in(service.get("/v1/export", params={"q": '"moon', "mode": "strict"}))
    assert (problem["code"], problem["pointer"]) == ("query-syntax", "/query/q")


@pytest.mark.usefixtures("library")
def test_where_no_page_has_all_words_any_word_will_do_with_a_warning(service: Service) -> None:
    answer = export(service, q="moon zeppelin")
    told = manifest(service, answer, q="moon zeppelin")
    assert (told["match"], told["count"]) == ("best", COUNT)
    assert [each["code"] for each in told["warnings"]] == ["not-all-words"]
    assert export(service, q="moon zeppelin", export=token(answer), offset=5).content == answer.content[5:]


def test_before_anything_was_indexed_there_is_nothing(tmp_path: Path) -> None:
    service = serve(TantivyIndex(tmp_path / "none", cursor_idle_seconds=300, snapshots_max=8))
    assert export(service).content == b""
    service.close()


@pytest.mark.usefixtures("library")
def test_a_reader_that_takes_nothing_holds_up_nobody(index: TantivyIndex, clock: Clock) -> None:
    seal, limits = Seal(), Settings().query_limits
    desk = ExportDesk(
        index, ReadingRoom(index, limits=limits, seal=seal), seal=seal, most=1, idle_seconds=900, clock=clock
    )
    query = ExportQuery(q="moon")
    held = desk.begin(query)
    with desk.reading(held) as sent:
        clock.pass_by(40)
        sent(b"a piece")
        clock.pass_by(40)
        with pytest.raises(Refused, match="exports-full"):
            desk.begin(query)
        clock.pass_by(40)
        assert desk.begin(query).token != held.token
