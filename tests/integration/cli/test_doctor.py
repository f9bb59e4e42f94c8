import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from services.supervisor.folder_lock import FolderLock
from services.supervisor.orphans import INSTANCE, mark

pytestmark = pytest.mark.processes


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pm-"))
    yield folder
    shutil.rmtree(folder)


def doctor(data: Path, **settings: str) -> tuple[int, dict[str, Any]]:
    """Its exit code, and its findings by name; one that is not `ok` goes before one that is."""
    code, told = findings_of(data, **settings)
    findings = sorted(told, key=lambda finding: finding["status"] != "ok")
    return code, {finding["name"]: finding for finding in findings}


def failures(data: Path, **settings: str) -> list[str]:
    """What is told of what fails."""
    return [finding["detail"] for finding in findings_of(data, **settings)[1] if finding["status"] == "fail"]


def findings_of(data: Path, **settings: str) -> tuple[int, list[dict[str, Any]]]:
    """Its exit code, and its findings in their order."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    given = {f"PAGEMILL_{name.upper()}": value for name, value in {"listen": "127.0.0.1:0", **settings}.items()}
    ran = subprocess.run(
        [sys.executable, "-m", "services.cli.main", "doctor", "--json", "--data", str(data)],
        env={**kept, **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stderr == ""
    return ran.returncode, json.loads(ran.stdout)["findings"]


def test_a_fresh_installation_has_nothing_wrong(data: Path) -> None:
    code, found = doctor(data / "not-there-yet")
    assert code == 0
    assert {name: finding for name, finding in found.items() if finding["status"] != "ok"} == {}
    assert not (data / "not-there-yet").exists()


def test_a_finding_that_is_not_ok_says_what_to_do(data: Path) -> None:
    _, found = doctor(data, redis_url="redis://127.0.0.1:1", clean_worker="3")
    wrong = [finding for finding in found.values() if finding["status"] != "ok"]
    assert wrong
    assert all(finding["remedy"] for finding in wrong)


def test_a_redis_that_is_away_fails(data: Path) -> None:
    code, found = doctor(data, redis_url="redis://:secret@127.0.0.1:1/0")
    assert code == 1
    assert found["redis"]["status"] == "fail"
    assert "redis://127.0.0.1:1/0" in found["redis"]["detail"]
    assert "secret" not in json.dumps(found)


def test_the_embedded_server_that_is_away_is_not_the_settings_fault(data: Path) -> None:
    with FolderLock(data) as lock:
        assert doctor(data)[1]["redis"]["detail"] == "embedded; `pagemill up` is about to start it"
        lock.tell(redis_url="redis://127.0.0.1:1/0")
        code, found = doctor(data)
    assert (code, found["redis"]["status"]) == (1, "fail")
    assert str(data / "logs" / "valkey.log") in found["redis"]["remedy"]
    assert "PAGEMILL_REDIS_URL" not in found["redis"]["remedy"]


def test_a_redis_that_could_lose_pages_fails_with_each_setting(
    data: Path, valkey: redis.Redis, valkey_url: str
) -> None:
    valkey.config_set("appendfsync", "everysec")
    valkey.config_set("maxmemory-policy", "allkeys-lru")
    try:
        code, found = doctor(data, redis_url=valkey_url)
    finally:
        valkey.config_set("appendfsync", "always")
        valkey.config_set("maxmemory-policy", "noeviction")
    assert code == 1
    assert found["durability"]["status"] == "fail"
    assert found["durability"]["remedy"] == "Set appendfsync always, maxmemory-policy noeviction on the server."


def test_a_redis_near_its_limit_fails(data: Path, valkey: redis.Redis, valkey_url: str) -> None:
    used = int(valkey.info("memory")["used_memory"])
    valkey.config_set("maxmemory", str(int(used * 1.2)))
    try:
        code, found = doctor(data, redis_url=valkey_url)
    finally:
        valkey.config_set("maxmemory", "0")
    assert code == 1
    assert "PAGEMILL_REDIS_HIGH_WATER" in found["redis memory"]["detail"]


def test_a_redis_that_keeps_everything_is_well_but_for_its_missing_limit(
    data: Path, valkey: redis.Redis, valkey_url: str
) -> None:
    code, found = doctor(data, redis_url=valkey_url)
    assert code == 0
    assert {name for name, finding in found.items() if finding["status"] == "warn"} == {"redis memory"}
    assert found["durability"]["status"] == "ok"


def test_a_misspelt_setting_is_told(data: Path) -> None:
    code, found = doctor(data, clean_worker="3")
    assert code == 0
    assert found["settings"]["status"] == "warn"
    assert "PAGEMILL_CLEAN_WORKER" in found["settings"]["detail"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"redis_url": "foo"}, "PAGEMILL_REDIS_URL: this is no address of a Redis"),
        ({"clean_workers": "many"}, "PAGEMILL_CLEAN_WORKERS: Input should be a valid integer"),
        ({"receipt_days": "999999999999"}, "PAGEMILL_RECEIPT_DAYS: Input should be less than or equal to 36500"),
        ({"archive_days": "inf"}, "PAGEMILL_ARCHIVE_DAYS: Input should be a finite number"),
        ({"index_workers": "3"}, "PAGEMILL_INDEX_WORKERS is 1 on Tantivy"),
        ({"search_ca_file": "/a.pem", "search_url": "http://127.0.0.1:1"}, "PAGEMILL_SEARCH_CA_FILE is for"),
        ({"config": "/nowhere/pagemill.toml"}, "PAGEMILL_CONFIG names /nowhere/pagemill.toml"),
    ],
)
def test_a_setting_that_cannot_be_read_fails_and_the_rest_is_looked_at(
    data: Path, settings: dict[str, str], said: str
) -> None:
    code, found = doctor(data, **settings)
    assert code == 1
    assert found["settings"]["status"] == "fail"
    assert found["settings"]["detail"].startswith(said)
    assert {"python", "packages", "data folder", "redis", "address"} <= set(found)


def test_settings_that_are_wrong_by_themselves_and_together_are_all_told(data: Path) -> None:
    told = failures(data, index_workers="3", clean_workers="many")
    assert [line.partition(":")[0].partition(" is ")[0] for line in told] == [
        "PAGEMILL_CLEAN_WORKERS",
        "PAGEMILL_INDEX_WORKERS",
    ]


def test_a_folder_in_place_of_the_settings_file_is_not_called_the_file(data: Path) -> None:
    (data / "pagemill.toml").mkdir()
    code, found = doctor(data, config=str(data / "pagemill.toml"))
    assert code == 1
    assert "is no file" in found["settings"]["detail"]


def test_an_address_in_use_says_by_whom(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, found = doctor(data, listen=f"127.0.0.1:{taken.getsockname()[1]}")
    assert code == 1
    assert f"by process {os.getpid()}" in found["address"]["detail"]


@pytest.mark.parametrize(("allowed", "status"), [("false", "fail"), ("true", "warn")])
def test_an_address_that_others_can_reach_is_told(data: Path, allowed: str, status: str) -> None:
    code, found = doctor(data, listen="0.0.0.0:47123", allow_open=allowed)
    assert found["address"]["status"] == status
    assert code == (status == "fail")


def test_a_data_folder_that_is_a_file_fails(data: Path) -> None:
    (data / "file").write_text("")
    code, found = doctor(data / "file")
    assert code == 1
    assert found["data folder"]["status"] == "fail"


def test_what_a_killed_predecessor_left_is_told(data: Path) -> None:
    orphan = subprocess.Popen(["sleep", "600"], env={**os.environ, INSTANCE: mark(data.resolve())})
    try:
        code, found = doctor(data)
    finally:
        orphan.kill()
        orphan.wait()
    assert code == 0
    assert found["owner"]["status"] == "warn"
    assert str(orphan.pid) in found["owner"]["detail"]


def test_a_broken_archive_fails(data: Path) -> None:
    (data / "archive.sqlite3").write_bytes(b"no database, " * 1000)
    code, found = doctor(data)
    assert code == 1
    assert found["archive"]["status"] == "fail"


def test_a_broken_index_fails(data: Path) -> None:
    (data / "index").mkdir()
    (data / "index" / "meta.json").write_text("{")
    code, found = doctor(data)
    assert code == 1
    assert found["index"]["status"] == "fail"
    assert "pagemill index rebuild --from-raw" in found["index"]["remedy"]


def test_for_a_person_there_is_a_line_for_each_finding(data: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "services.cli.main", "doctor", "--data", str(data)],
        env={**os.environ, "PAGEMILL_LISTEN": "127.0.0.1:0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "ok    python" in ran.stdout
    assert "ok    data folder" in ran.stdout


def test_a_page_that_no_request_could_bring_is_warned_of(data: Path) -> None:
    _, found = doctor(data, page_max_bytes=str(20 * 2**20), request_max_bytes=str(16 * 2**20))
    assert found["settings"]["status"] == "warn"
    assert "PAGEMILL_REQUEST_MAX_BYTES" in found["settings"]["detail"]


def test_a_lease_shorter_than_a_task_is_warned_of(data: Path) -> None:
    _, found = doctor(data, lease_seconds="5")
    assert found["settings"]["status"] == "warn"
    assert "PAGEMILL_LEASE_SECONDS is 5" in found["settings"]["detail"]
