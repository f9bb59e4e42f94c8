"""The processes of docker-compose.yml, started by hand with its own commands and variables, behind the real gateway."""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from services.together import make_together
from shared.settings import MIB, Settings
from tests.deploy.compose_file import in_ci
from tests.deploy.composed import Composed, missing
from tests.unit.http.calling import call

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def house() -> Iterator[Composed]:
    """Everything that compose starts."""
    if lacking := missing():
        if in_ci():
            pytest.fail(f"CI needs {lacking}; .ci/run installs them")
        pytest.skip(f"needs {', '.join(lacking)}: apt-get install nginx-light")
    folder = Path(tempfile.mkdtemp(prefix="pagemill-"))
    composed = Composed(folder)
    yield composed.start()
    ended = composed.stop()
    assert set(ended.values()) == {0}, ended
    shutil.rmtree(folder)


@pytest.fixture
def client(house: Composed) -> Iterator[httpx.Client]:
    with house.client() as made:
        yield made


def text_of(word: str) -> str:
    return f"The {word} came in with the tide. " + "Keepers of the harbour wrote it down, as they had always done. " * 4


def page(word: str) -> dict[str, str]:
    return {"url": f"https://composed.example/{word}", "content_type": "text/plain", "content": text_of(word)}


def lines(*words: str) -> bytes:
    return "".join(json.dumps(page(word)) + "\n" for word in words).encode()


def found(client: httpx.Client, word: str) -> list[str]:
    return [hit["url"] for hit in client.get("/v1/search", params={"q": word}).raise_for_status().json()["hits"]]


def until(holds: Any) -> None:
    """Waits; the test's time limit is the guard."""
    while not holds():
        time.sleep(0.05)


def test_a_page_is_posted_found_and_deleted(client: httpx.Client) -> None:
    posted = client.post("/v1/pages", params={"wait": "searchable", "timeout": 60}, json=page("barquentine"))
    assert (posted.status_code, posted.json()["state"]) == (200, "searchable"), posted.text
    assert found(client, "barquentine") == ["https://composed.example/barquentine"]
    document = client.get(f"/v1/documents/{posted.json()['id']}")
    assert "barquentine" in document.json()["text"]
    raw = client.get(f"/v1/pages/{posted.json()['id']}/raw")
    assert raw.content == text_of("barquentine").encode()

    assert client.delete(f"/v1/pages/{posted.json()['id']}").status_code == 202
    until(lambda: found(client, "barquentine") == [])
    assert client.get(f"/v1/documents/{posted.json()['id']}").json()["code"] == "document-not-found"
    until(lambda: client.get("/v1/monitor/ledger").json()["waiting"] == 0)
    assert client.get("/v1/monitor/ledger").json()["balanced"]


def test_a_body_reaches_the_intake_while_it_is_still_being_sent(house: Composed, client: httpx.Client) -> None:
    before = client.get("/v1/monitor/ledger").json()["accepted"]

    def slowly() -> Iterator[bytes]:
        yield lines(*(f"brigantine{number}" for number in range(400)))
        until(lambda: httpx.get(f"{house.url}/v1/monitor/ledger", headers=house.key).json()["accepted"] > before)
        yield lines("brigantine400")

    told = client.post("/v1/pages/batch", content=slowly(), headers={"Content-Type": "application/x-ndjson"}).json()
    assert (told["accepted"], told["rejected"], told["stopped"]) == (401, 0, None)
    until(lambda: found(client, "brigantine400"))


def test_outcomes_come_through_as_they_happen(house: Composed, client: httpx.Client) -> None:
    headers = {"Accept": "text/event-stream"}
    latest = client.get("/v1/outcomes", params={"limit": 100_000}).headers["X-Next-Cursor"]
    with client.stream("GET", "/v1/outcomes", params={"after": latest}, headers=headers) as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        posted = httpx.post(f"{house.url}/v1/pages", json=page("schooner"), headers=house.key).json()
        for line in events.iter_lines():
            if line.startswith("data: ") and json.loads(line[6:])["id"] == posted["id"]:
                assert json.loads(line[6:])["state"] == "searchable"
                return
    pytest.fail("the stream ended before the page did")


def test_every_route_is_behind_the_one_address(house: Composed, client: httpx.Client, tmp_path: Path) -> None:
    whole = call(make_together(Settings(data=tmp_path, require_keys=True)), "GET", "/openapi.json").json()
    assert client.get("/openapi.json").json() == whole
    for path, operations in whole["paths"].items():
        place = path.replace("{page_id}", "none").replace("{code}", "line-full")
        for method in operations:
            with client.stream(method, place) as answer:
                endless = answer.headers.get("content-type", "").startswith("text/event-stream")
                text = "" if endless else answer.read().decode()
            assert '"not-found"' not in text, f"{method} {path}"
            assert answer.status_code != 405, f"{method} {path}"
    assert "/v1/monitor/ledger" in client.get("/docs").text
    assert client.get("/problems/line-full").status_code == 200
    assert client.get("/nothing/here").json()["code"] == "not-found"


def test_the_pages_for_people_are_behind_the_one_address(client: httpx.Client) -> None:
    for path in ("/", "/?q=schooner", "/monitor"):
        shown = client.get(path, headers={"Accept": "text/html"})
        assert shown.status_code == 200, path
        files = re.findall(r'(?:href|src)="(/(?:monitor/)?static/[^"]+)"', shown.text)
        assert len(files) >= 3, path
        for name in files:
            assert client.get(name).status_code == 200, name
    for name in ("ketch", "yawl"):
        client.post("/v1/pages?wait=searchable&timeout=50", json=page(name)).raise_for_status()
    text = client.get("/?q=ketch+OR+yawl&size=1&copies=apart", headers={"Accept": "text/html"}).text
    assert text.count('class="hit"') == 1
    assert 'id="facet-language"' in text
    further = unescape(re.findall(r'rel="next" href="([^"]+)"', text)[0])
    more = client.get(further, headers={"HX-Request": "true", "HX-Target": "more"}).text
    (first,), (second,) = (re.findall(r'href="(/documents/[^"?]+)', each) for each in (text, more))
    assert first != second
    assert client.get(second, headers={"Accept": "text/html"}).status_code == 200


def test_health_is_that_of_all(house: Composed, client: httpx.Client) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert {"ledger", "workers", "index"} < {check["name"] for check in ready.json()["checks"]}
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz?verbose").json()["code"] == "invalid", "the gateway keeps nothing back"


def test_a_service_that_is_away_is_a_problem_and_comes_back(house: Composed, client: httpx.Client) -> None:
    house.kill("query")
    answer = client.get("/v1/search", headers={"X-Request-Id": "asked-7"})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert (answer.json()["code"], answer.json()["request_id"]) == ("unavailable", "asked-7")
    assert int(answer.headers["retry-after"]) >= 1
    until(lambda: client.get("/readyz").status_code == 503)
    until(lambda: client.get("/healthz").status_code == 503)
    assert client.post("/v1/pages", json=page("lugger")).status_code == 202, "pages are taken in all the same"
    house.start_one("query")
    until(lambda: found(client, "lugger"))
    until(lambda: client.get("/readyz").status_code == 200)


def test_a_killed_redis_comes_back_with_every_page_and_the_work_goes_on(house: Composed, client: httpx.Client) -> None:
    before = client.get("/v1/monitor/ledger").json()["accepted"]
    house.kill("redis")
    refused = client.post("/v1/pages", json=page("felucca"))
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    until(lambda: client.get("/readyz").status_code == 503)
    assert client.get("/v1/search", params={"q": "harbour"}).status_code == 200, "searching needs no ledger"

    house.start_one("redis")
    until(lambda: client.post("/v1/pages", json=page("felucca")).status_code == 202)
    assert client.get("/v1/monitor/ledger").json()["accepted"] == before + 1

    def found_by_and_by() -> bool:
        house.revive()  # Celery's parent processes do not always outlive their broker
        return found(client, "felucca") != []

    until(found_by_and_by)
    until(lambda: client.get("/readyz").status_code == 200)
    assert all(house.well(name) for name in house.processes)


def test_names_and_ids_pass_the_gateway(house: Composed, client: httpx.Client) -> None:
    for path in ("/v1/limits", "/v1/search", "/v1/monitor/ledger"):
        assert client.get(path, headers={"X-Request-Id": "mine.1"}).headers.get_list("x-request-id") == ["mine.1"]
        assert len(client.get(path).headers["x-request-id"]) >= 16
        stranger = client.get(path, headers={"Host": "evil.example"})
        assert (stranger.status_code, stranger.json()["code"]) == (403, "unknown-host")
        foreign = client.get(path, headers={"Origin": "https://evil.example"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign-origin")
        own = client.get(path, headers={"Origin": house.url})
        assert own.status_code == 200, "a page of its own, on its own port"


def test_too_much_is_refused_by_the_service_in_its_own_words(client: httpx.Client) -> None:
    large = client.post("/v1/pages", json={"content": "a" * (11 * MIB)})
    assert (large.status_code, large.json()["code"]) == (413, "page-too-large")
    larger = client.post("/v1/pages", json={"content": "a" * (40 * MIB)})
    assert (larger.status_code, larger.json()["code"]) == (413, "request-too-large")
    query = client.get("/v1/search", params={"q": "潮" * 4000})
    assert query.status_code == 200, "as long as a query may be, percent-encoded"


def test_the_ledger_s_server_keeps_what_it_was_given_and_asks_for_the_password(house: Composed) -> None:
    with pytest.raises(redis.exceptions.AuthenticationError):
        house.redis().ping()
    findings = json.loads(house.run("doctor", "--json").stdout)["findings"]
    states = {finding["name"]: finding["status"] for finding in findings}
    assert {states[name] for name in ("redis", "redis memory", "redis disk", "durability")} == {"ok"}, findings
    for secret in house.secrets.values():
        assert secret not in " ".join(_command_lines())


def test_no_process_tells_a_password_or_a_key_in_what_it_prints(house: Composed) -> None:
    for name in house.processes:
        for secret in ("redis_password", "admin_key"):
            assert house.secrets[secret] not in house.log(name), name


def test_nobody_comes_in_without_a_key_and_health_is_told_to_all(house: Composed) -> None:
    with httpx.Client(base_url=house.url, timeout=30) as stranger:
        for method, path in (("GET", "/v1/search"), ("POST", "/v1/pages"), ("GET", "/v1/monitor/ledger")):
            answer = stranger.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), path
        for path in ("/healthz", "/readyz", "/openapi.json", "/docs", "/sign-in"):
            assert stranger.get(path).status_code == 200, path
        assert stranger.get("/metrics").json()["code"] == "not-found", "the gateway has none to show"
        assert httpx.get(f"{house.own_url('ingest')}/metrics").status_code == 200, "Prometheus brings no key"


def test_a_key_made_and_revoked_by_the_command_holds_for_every_service(house: Composed) -> None:
    made = json.loads(house.run("keys", "add", "desk", "--scope", "query", "--scope", "ingest", "--json").stdout)
    paths = ("/v1/search", "/v1/outcomes?limit=1", "/v1/monitor/ledger")
    with httpx.Client(base_url=house.url, headers={"Authorization": f"Bearer {made['key']}"}) as desk:
        until(lambda: all(desk.get(path).status_code == 200 for path in paths))
        assert desk.post("/v1/monitor/index/retire", json={}).json()["code"] == "forbidden"
        assert house.run("keys", "revoke", made["id"]).returncode == 0
        until(lambda: all(desk.get(path).status_code == 401 for path in paths))


def _command_lines() -> list[str]:
    """Those of every process of this machine."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return lines
