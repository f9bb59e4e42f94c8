"""`pagemill keys` on a data folder, at rest and running, and the verbs that send a key."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from shared.keys import fresh
from tests.integration.cli.command import pagemill
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "data"


@pytest.fixture(scope="module")
def admin(data: Path) -> str:
    """The first key, made before anything runs."""
    ran = pagemill("keys", "add", "operator", "--scope", "admin", folder=data.parent, data=str(data))
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def stack(data: Path, admin: str) -> Iterator[Stack]:
    """A stack that others can reach."""
    up = Stack(data, listen="0.0.0.0:0", key=admin, clean_workers=1).start()
    yield up
    up.stop()


def test_beyond_loopback_nothing_starts_before_there_is_a_key(tmp_path: Path) -> None:
    for words in (("up",), ("up", "--port", "0")):
        ran = pagemill(*words, folder=tmp_path, listen="0.0.0.0:0")
        assert ran.returncode == 2
        assert "there is no key yet" in ran.stderr
        assert "pagemill keys add NAME --scope admin" in ran.stderr


def test_a_key_is_printed_once_and_never_again(data: Path, admin: str) -> None:
    assert admin.startswith("pm_")
    ran = pagemill("keys", "list", folder=data.parent, data=str(data))
    assert ran.returncode == 0
    assert admin.split("_")[1] in ran.stdout
    assert "operator" in ran.stdout
    assert admin.split("_", 2)[2] not in ran.stdout + ran.stderr
    written = b"".join(path.read_bytes() for path in (data / "ledger").rglob("*") if path.is_file())
    assert b"operator" in written
    assert admin.split("_", 2)[2].encode() not in written


def test_the_first_key_lets_the_stack_start_and_the_verbs_send_it(stack: Stack) -> None:
    assert httpx.get(f"{stack.url}/v1/search").status_code == 401
    ran = stack.run("search", "anything", "--json")
    assert ran.returncode == 0, ran.stderr
    states = {each["name"]: each["status"] for each in json.loads(stack.run("doctor", "--json").stdout)["findings"]}
    assert states["ledger"] == "ok"


def test_without_or_with_a_wrong_key_a_verb_says_so(stack: Stack) -> None:
    for key, code in (("", 1), (fresh(), 1), ("nonsense", 2)):
        environment = {**stack.environment, "PAGEMILL_KEY": key}
        if not key:
            del environment["PAGEMILL_KEY"]
        other = Stack(stack.data)
        other.environment = environment
        ran = other.run("search", "anything")
        assert ran.returncode == code, ran.stderr
        assert "key" in ran.stderr.lower()


def test_keys_are_made_listed_and_revoked_while_it_runs(stack: Stack) -> None:
    told = json.loads(
        stack.run(
            "keys", "add", "feed", "--scope", "ingest", "--scope", "query", "--rate", "600", "--quota", "9000", "--json"
        ).stdout
    )
    assert told["scopes"] == ["ingest", "query"]
    headers = {"Authorization": f"Bearer {told['key']}"}

    def opens() -> bool:
        return httpx.get(f"{stack.url}/v1/search", headers=headers).status_code == 200

    until = time.monotonic() + 20
    while not opens():
        assert time.monotonic() < until
    listed = {each["name"]: each for each in json.loads(stack.run("keys", "list", "--json").stdout)["keys"]}
    assert listed.keys() == {"operator", "feed"}
    assert (listed["feed"]["rate"], listed["feed"]["quota"]) == (600, 9000)
    assert "key" not in listed["feed"]

    assert stack.run("keys", "revoke", told["id"]).returncode == 0
    while opens():
        assert time.monotonic() < until
    again = stack.run("keys", "revoke", told["id"])
    assert again.returncode == 1
    assert "no key with the id" in again.stderr


def test_a_key_made_elsewhere_is_taken_once_and_found_again(stack: Stack) -> None:
    given = Stack(stack.data)
    given.environment = {**stack.environment, "PAGEMILL_KEY": fresh()}
    first, second = (given.run("keys", "add", "set-up", "--scope", "admin", "--given", "--json") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert first.stdout == second.stdout
    assert "key" not in json.loads(first.stdout), "whoever made it has it"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "x"), "--scope"),
        (("add", "x", "--scope", "everything"), "everything"),
        (("add", "", "--scope", "query"), "NAME has 1 to 64"),
        (("add", "x", "--scope", "query", "--rate", "0"), "--rate"),
        (("add", "x", "--scope", "query", "--given"), "PAGEMILL_KEY is not set"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ran = pagemill("keys", *words, folder=tmp_path)
    assert ran.returncode == 2
    assert said in ran.stderr


@pytest.mark.parametrize("path", ["/v1/monitor/live", "/v1/outcomes"])
def test_a_stream_ends_when_its_key_is_revoked(stack: Stack, path: str) -> None:
    key = stack.run("keys", "add", "watcher", "--scope", "admin").stdout.strip()
    headers = {"Authorization": f"Bearer {key}", "Accept": "text/event-stream"}
    with (
        httpx.Client(base_url=stack.url, headers=headers, timeout=60) as client,
        client.stream("GET", path) as told,
    ):
        parts = told.iter_text()
        assert next(parts)
        assert stack.run("keys", "revoke", key.split("_")[1]).returncode == 0
        for _ in parts:
            pass  # until it ends
        assert client.get("/v1/limits").status_code == 401
