"""Alerts on their way to a webhook: who signed them, who is never called, and what a failed call leads to."""

import hashlib
import hmac
import socket
import ssl
import subprocess
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from shared import clients
from shared.models.saved_search import SavedSearch
from shared.private_addresses import Allowed
from shared.saved_searches import Inboxes, Outbox, SavedSearches
from shared.saved_searches.events import Found, member
from shared.search.tantivy import TantivyIndex, TantivyWriter
from shared.settings import Settings
from tests.integration.query.conftest import page
from tests.integration.saved_searches.conftest import SECRET, saved
from tests.integration.saved_searches.hooks import Call, hook
from workers.alerts import send_alerts
from workers.alerts.calling import CallFailed, call
from workers.alerts.sending import Sender

FERRY = page("ferry", "The ferry runs again.", title="Ferry")
MILL = page("mill", "The mill grinds.")
LOOPBACK = Allowed(["127.0.0.1"])


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[TantivyWriter]:
    writing = TantivyWriter(tmp_path / "index", heap_bytes=15_000_000)
    writing.index([FERRY, MILL])
    yield writing
    writing.close()


@pytest.fixture
def sender(
    valkey: redis.Redis, writer: TantivyWriter, outbox: Outbox, tmp_path: Path
) -> Iterator[Callable[..., Sender]]:
    index = TantivyIndex(tmp_path / "index", cursor_idle_seconds=300, snapshots_max=8)

    def make(**changes: Any) -> Sender:
        known = {"alerts_private_hosts": ["127.0.0.1"], "alerts_retry_seconds": 0, "alerts_timeout_seconds": 5}
        return Sender(Settings.model_validate({**known, **changes}), outbox, index)

    yield make
    index.close()


def noted(searches: SavedSearches, inboxes: Inboxes, url: str) -> SavedSearch:
    made = saved(url=url)
    assert searches.add(made)
    assert inboxes.note([Found(made.id, member(each), sent=True) for each in (FERRY, MILL)]) == 2
    return made


def sent(sender: Sender) -> None:
    line = sender.take()
    assert line
    sender.send(line)


def signature(call: Call, secret: str) -> str:
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    key = b64decode(secret.removeprefix("whsec_"))
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_a_webhook_is_told_of_documents_and_can_see_who_tells(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox, sender: Callable[..., Sender]
) -> None:
    with hook() as hooked:
        made = noted(searches, inboxes, f"{hooked.url}/alerts?to=me")
        sent(sender())
    (called,) = hooked.calls
    assert called.path == "/alerts?to=me"
    assert called.headers["content-type"] == "application/json"
    assert called.headers["webhook-signature"] == signature(called, SECRET)
    told = called.told
    assert (told["type"], told["search"]) == ("alerts", {"id": made.id, "name": "Ferries"})
    assert [each["document"]["title"] for each in told["alerts"]] == ["Ferry", None]
    assert len({each["id"] for each in told["alerts"]}) == 2
    assert outbox.state(made.id).waiting == 0


def test_a_call_that_failed_is_made_again_as_the_same_message(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox, sender: Callable[..., Sender]
) -> None:
    with hook(500) as hooked:
        made = noted(searches, inboxes, hooked.url)
        sent(sender())
        assert (outbox.state(made.id).failures, outbox.state(made.id).error) == (1, "the answer was 500")
        sent(sender())
    first, second = hooked.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert (outbox.state(made.id).failures, outbox.state(made.id).error, outbox.state(made.id).waiting) == (0, None, 0)


def test_what_fails_too_often_is_put_aside_and_can_be_sent_again(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox, sender: Callable[..., Sender]
) -> None:
    with hook(500, 503) as hooked:
        made = noted(searches, inboxes, hooked.url)
        sent(sender())
        sent(sender())
        assert sender().take() is None
        assert outbox.state(made.id).undelivered == 2
        assert outbox.redrive(made.id) == 2
        sent(sender())
        assert hooked.pages() == ["ferry", "mill"] * 3
    assert outbox.state(made.id).undelivered == 0


def test_a_page_that_was_deleted_meanwhile_is_told_to_nobody(
    searches: SavedSearches, inboxes: Inboxes, writer: TantivyWriter, sender: Callable[..., Sender]
) -> None:
    with hook() as hooked:
        noted(searches, inboxes, hooked.url)
        writer.delete({"mill": 2})
        sent(sender())
        assert hooked.pages() == ["ferry"]


def test_nobody_is_called_in_a_private_network(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox, sender: Callable[..., Sender]
) -> None:
    with hook() as hooked:
        made = noted(searches, inboxes, hooked.url)
        sent(sender(alerts_private_hosts=[]))
        assert hooked.calls == []
    assert "not public" in (outbox.state(made.id).error or "")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_loopback_is_called(host: str) -> None:
    with hook() as hooked:
        port = hooked.url.rpartition(":")[2]
        with pytest.raises(CallFailed, match=r"not public|resolved"):
            call(f"http://{host}:{port}/", b"{}", {}, 5, Allowed(()))
        assert hooked.calls == []


def test_a_name_that_is_allowed_is_called_by_its_name() -> None:
    with hook() as hooked:
        port = hooked.url.rpartition(":")[2]
        call(f"http://localhost:{port}/", b"{}", {}, 5, Allowed(["localhost"]))
        assert hooked.calls[0].headers["host"] == f"localhost:{port}"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(status: int) -> None:
    with hook(status) as hooked:
        with pytest.raises(CallFailed, match="redirects are not followed"):
            call(hooked.url, b"{}", {}, 5, LOOPBACK)
        assert len(hooked.calls) == 1


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500])
def test_any_answer_but_a_good_one_is_a_failure(status: int) -> None:
    with hook(status) as hooked, pytest.raises(CallFailed, match=str(status)):
        call(hooked.url, b"{}", {}, 5, LOOPBACK)


def test_an_answer_that_drips_has_an_end() -> None:
    with hook() as hooked:
        hooked.drips = True
        with pytest.raises(CallFailed, match="no answer within"):
            call(hooked.url, b"{}", {}, 0.5, LOOPBACK)


def test_whoever_is_not_there_is_told_as_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(CallFailed, match="refused"):
        call(f"http://127.0.0.1:{port}/", b"{}", {}, 5, LOOPBACK)
    with pytest.raises(CallFailed, match="resolved"):
        call("http://nobody.invalid/", b"{}", {}, 5, LOOPBACK)


def test_an_answer_that_is_no_http_is_told_as_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_babble, args=(listening,), daemon=True)
        thread.start()
        with pytest.raises(CallFailed):
            call(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {}, 5, LOOPBACK)
        thread.join(10)


def _babble(listening: socket.socket) -> None:
    line, _ = listening.accept()
    with line:
        line.recv(65536)
        line.sendall(b"what?\r\n\r\n")


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, context), daemon=True)
        thread.start()
        with pytest.raises(CallFailed, match="CERTIFICATE_VERIFY_FAILED"):
            call(f"https://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {}, 5, LOOPBACK)
        thread.join(10)


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    line, _ = listening.accept()
    try:
        context.wrap_socket(line, server_side=True).close()
    except OSError:
        line.close()


def test_while_the_index_is_away_no_call_fails(
    searches: SavedSearches, inboxes: Inboxes, outbox: Outbox, tmp_path: Path
) -> None:
    with hook() as hooked:
        made = noted(searches, inboxes, hooked.url)
        away = Settings(search_url="http://127.0.0.1:9", alerts_private_hosts=("127.0.0.1",))
        index = clients.search_index(away)
        sent(Sender(away, outbox, index))
        index.close()
        assert hooked.calls == []
    state = outbox.state(made.id)
    assert (state.waiting, state.failures, state.error) == (2, 0, None)


def test_senders_call_until_it_is_over(
    searches: SavedSearches, inboxes: Inboxes, writer: TantivyWriter, valkey_url: str, tmp_path: Path
) -> None:
    ended = threading.Event()
    settings = Settings(data=tmp_path, redis_url=valkey_url, alerts_private_hosts=("127.0.0.1",))
    with hook() as hooked:
        send_alerts(settings, ended)
        made = noted(searches, inboxes, hooked.url)
        _until(lambda: sorted(hooked.pages()) == ["ferry", "mill"])
        _until(lambda: not clients.outbox(settings, clients.redis_client(settings)).state(made.id).waiting)
        ended.set()


def _until(holds: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(600):
        if holds():
            return
        waiting.wait(0.05)
    raise TimeoutError
