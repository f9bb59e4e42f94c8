"""The services' own description against what they do: every operation, valid and invalid input, all checks on.

Seeded, so that two runs ask the same. `PAGEMILL_TEST_EXAMPLES` asks each operation more often.
"""

import json
import os
import secrets
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from services.http.openapi import describe
from services.http.protocol import protocol_for
from services.together import make_together
from shared.keys import fresh, new_key
from shared.keys.store import KeyStore
from shared.search.tantivy import TantivyWriter
from shared.settings import Settings
from tests.integration.query.conftest import page

EXAMPLES = int(os.environ.get("PAGEMILL_TEST_EXAMPLES", "12"))
REFUSALS = ["400", "401", "403", "404", "405", "409", "410", "413", "415", "422", "429"]
CONFIG = {
    "seed": 20261127,
    "generation": {"max-examples": EXAMPLES},
    "phases": {"coverage": {"enabled": True}},
    "checks": {
        # A schema cannot say all: which URLs are canonical, which cursors are ours, that a page has text or bytes.
        "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSALS]},
        "negative_data_rejection": {"expected-statuses": REFUSALS},
    },
}
KEY = fresh()
ANSWERED: dict[str, set[int]] = defaultdict(set)
"""By operation the kinds of answers it gave."""


@schemathesis.serializer("application/warc", "application/x-ndjson")
def as_it_is(_: Any, value: Any) -> bytes:
    """Bodies that are no JSON as a whole: what was made up, in UTF-8."""
    text = value if isinstance(value, str) else json.dumps(value)
    return value if isinstance(value, bytes) else text.encode("utf-8", "surrogatepass")


ASK_FOR_WHAT_IS_THERE = {
    "DELETE /v1/export",
    "GET /v1/export/manifest",
    "GET /v1/pages",
    "POST /v1/monitor/index/retire",
    "POST /v1/monitor/index/rollback",
}
"""An export that was begun, a page by its URL, an earlier index: nobody has made them here."""


@pytest.fixture(scope="module")
def url(valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """All services on one address, over a real ledger and a real index; nobody calls without a key."""
    data = tmp_path_factory.mktemp("schema")
    prefix = f"schema-{secrets.token_hex(4)}:"
    with redis.Redis.from_url(valkey_url) as client:
        KeyStore(client, prefix).add(new_key(KEY, "schema", ["admin"]))
    _index(data)
    known = Settings(
        data=data,
        redis_url=valkey_url,
        redis_prefix=prefix,
        require_keys=True,
        wait_max_seconds=0.1,
        preview_seconds=30,
        slow_client_seconds=5,
        stalled_seconds=3600,  # nobody works here
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(
                make_together(known),
                http=protocol_for(known),
                log_config=None,
                access_log=False,
                ws="none",
                lifespan="on",
                timeout_graceful_shutdown=1,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def _index(data: Path) -> None:
    writer = TantivyWriter(data / "index", heap_bytes=15_000_000)
    writer.index([page(name, f"There is grain in the {name}.", site="example.org") for name in ("harbour", "mill")])
    writer.close()


DESCRIBED = schemathesis.openapi.from_dict(
    describe(make_together(Settings(require_keys=True))), config=SchemathesisConfig.from_dict(CONFIG)
).exclude(path="/v1/monitor/live")  # its answer has no end


@DESCRIBED.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.timeout(300)
def test_each_operation_does_what_it_says_of_itself(case: Any, url: str) -> None:
    told = case.call_and_validate(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=120)
    ANSWERED[case.operation.label].add(told.status_code // 100)


def test_operations_that_ask_for_nothing_that_has_to_be_there_do_not_merely_refuse() -> None:
    if not ANSWERED:
        pytest.skip("the operations have not been asked in this run")
    refused = {operation for operation, kinds in ANSWERED.items() if 2 not in kinds}
    assert {operation for operation in refused if "{" not in operation} <= ASK_FOR_WHAT_IS_THERE
