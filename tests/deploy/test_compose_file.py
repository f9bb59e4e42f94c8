"""docker-compose.yml is held to the code: what it runs and sets exists, what it names is used, what runs is watched."""

import json
import lzma
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import py3langid
import pytest

from shared.keys import read_key
from shared.settings import MIB, Settings
from tests.deploy.command_line import KNOWN, refusal
from tests.deploy.compose_file import ROOT, Service, compose_file, services, variables
from tests.deploy.go_tools import tool
from workers.stages import LANES

SERVICES = services()
OURS = [name for name, service in SERVICES.items() if service.ours]
RUNNING = [name for name, service in SERVICES.items() if service.runs_on]
UNITS = {"k": 1024, "m": MIB, "g": 1024 * MIB}


def bytes_of(size: str) -> int:
    found = re.fullmatch(r"(\d+)([kmg])b?", size.lower())
    assert found, size
    return int(found[1]) * UNITS[found[2]]


def everything(told: Any) -> str:
    return json.dumps(told)


def test_there_is_a_service_for_each_room_and_for_each_part_of_the_address() -> None:
    commands = [SERVICES[name].command for name in OURS]
    for words in (["serve", "ingest"], ["serve", "query"], ["serve", "monitor"], *(["work", room] for room in LANES)):
        assert commands.count(words) == 1, words
    assert {"redis", "elasticsearch", "gateway"} <= set(RUNNING)


@pytest.mark.parametrize("name", OURS)
def test_each_command_exists(name: str) -> None:
    assert refusal(SERVICES[name].command) is None


def test_a_command_that_does_not_exist_is_seen() -> None:
    assert refusal(["serve", "everything"])
    assert refusal(["wrok", "clean"])
    assert refusal(["work", "clean", "--cuncurrency", "3"])


@pytest.mark.parametrize("name", OURS)
def test_each_setting_is_known_and_can_be_read(name: str) -> None:
    told = {key: value for key, value in SERVICES[name].environment.items() if key != "PAGEMILL_SECRETS"}
    assert told.keys() <= KNOWN
    lists = {"allowed_hosts", "cors_origins", "services"}
    values = {key.removeprefix("PAGEMILL_").lower(): value for key, value in told.items()}
    Settings.model_validate({key: json.loads(value) if key in lists else value for key, value in values.items()})


@pytest.mark.parametrize("name", OURS)
def test_each_secret_of_ours_is_a_setting(name: str) -> None:
    assert SERVICES[name].environment["PAGEMILL_SECRETS"] == "/run/secrets"
    assert {target.removeprefix("pagemill_") for target in SERVICES[name].secrets} <= Settings.model_fields.keys()


def test_every_secret_volume_and_network_is_used_and_every_one_used_is_there() -> None:
    whole = compose_file()
    assert {source for each in SERVICES.values() for source in each.secrets.values()} == set(whole["secrets"])
    named = {source for each in SERVICES.values() for source in each.mounts.values() if not source.startswith(".")}
    assert named == set(whole["volumes"])
    assert {network for each in SERVICES.values() for network in each.told["networks"]} == set(whole["networks"])
    made = (ROOT / "deploy" / "make-secrets.sh").read_text()
    assert all(Path(secret["file"]).name in made for secret in whole["secrets"].values())


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_reads_the_secrets_that_it_has_and_no_others(name: str) -> None:
    service = SERVICES[name]
    if not service.ours:
        assert set(re.findall(r"/run/secrets/(\w+)", everything(service.told))) == set(service.secrets)


@pytest.mark.parametrize("name", SERVICES)
def test_every_folder_that_is_mounted_is_there_and_cannot_be_written(name: str) -> None:
    for each in SERVICES[name].told.get("volumes", ()):
        source, _, *mode = each.split(":")
        if source.startswith("."):
            assert (ROOT / source).is_dir()
            assert mode == ["ro"]


@pytest.mark.parametrize("name", RUNNING)
def test_whoever_runs_is_watched_limited_and_started_again(name: str) -> None:
    told = SERVICES[name].told
    assert told["healthcheck"]["test"]
    assert set(told["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert told["stop_grace_period"] == "60s"
    assert told["restart"] == "always"


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root_or_may_become_so_and_what_is_ours_can_write_nowhere(name: str) -> None:
    told = SERVICES[name].told
    assert re.fullmatch(r"[1-9]\d*:\d+", told["user"])
    assert told["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in told["security_opt"]
    assert told["read_only"] is (name != "elasticsearch")
    assert "privileged" not in told


@pytest.mark.parametrize("name", OURS)
def test_ours_are_asked_whether_they_do_their_work(name: str) -> None:
    service = SERVICES[name]
    if service.runs_on:
        words = service.told["healthcheck"]["test"]
        assert words == ["CMD", "pagemill", "alive", service.command[1]]
        assert refusal(words[2:]) is None
        assert ("PAGEMILL_ALIVE_FILE" in service.environment) == (service.command[0] == "work")


def test_every_image_of_others_is_pinned() -> None:
    images = [service.told["image"] for service in SERVICES.values() if not service.ours]
    assert [image for image in images if not re.search(r":v?\d+\.\d+\.\d+$", image)] == []


def test_only_the_gateway_and_what_profiles_add_have_ports_and_only_on_loopback() -> None:
    with_ports = {name for name, service in SERVICES.items() if "ports" in service.told}
    assert {name for name in with_ports if "profiles" not in SERVICES[name].told} == {"gateway"}
    published = [port for name in with_ports for port in SERVICES[name].told["ports"]]
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []
    assert compose_file()["networks"]["inside"] == {"internal": True}


def test_every_address_that_is_named_is_a_service_that_listens_there() -> None:
    files = [ROOT / "deploy" / "gateway" / "nginx.conf", *(ROOT / "deploy" / "grafana").rglob("*.yml")]
    text = everything(compose_file()["services"]) + "".join(file.read_text() for file in files)
    ports = {"redis": "6379", "elasticsearch": "9200", "prometheus": "9090"}
    for name, port in re.findall(
        r"(?<![\w.-])(redis|elasticsearch|ingest|query|monitor|prometheus):(\d+)(?![\d.])", text
    ):
        assert port == ports.get(name, "8800"), name
        if name not in ports:
            assert SERVICES[name].environment["PAGEMILL_LISTEN"] == f"0.0.0.0:{port}"
    assert "port 6379" in (ROOT / "deploy" / "redis" / "redis.conf").read_text()


def test_prometheus_asks_every_service_that_has_figures() -> None:
    text = (ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text()
    answering = [SERVICES[name].command[1] for name in OURS if SERVICES[name].command[0] == "serve"]
    assert f"names: [{', '.join(answering)}]" in text
    working = [name for name in OURS if SERVICES[name].command[0] == "work"]
    assert f"names: [{', '.join(working)}]" in text
    assert {SERVICES[name].environment["PAGEMILL_METRICS_LISTEN"] for name in working} == {"0.0.0.0:8801"}
    assert "port: 8801" in text


def test_every_service_knows_the_names_that_it_is_called_by() -> None:
    for name in OURS:
        service = SERVICES[name]
        if service.command[0] == "serve":
            assert {"localhost", "ingest", "query", "monitor"} == set(
                json.loads(service.environment["PAGEMILL_ALLOWED_HOSTS"])
            )


def test_the_example_of_an_env_file_has_every_variable_and_its_default() -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", (ROOT / "docker-compose.yml").read_text()))
    assert example == defaults
    assert set(defaults) == variables()


def test_temporary_files_have_room_for_the_language_model_several_times() -> None:
    with lzma.open(Path(py3langid.__file__).parent / "data" / "model.npz.xz") as packed:
        unpacked = sum(len(piece) for piece in iter(lambda: packed.read(MIB), b""))
    for name in OURS:
        (place,) = SERVICES[name].told["tmpfs"]
        assert bytes_of(place.partition("size=")[2]) > 3 * unpacked


def test_limits_leave_room_for_what_settings_allow() -> None:
    alone = Settings().page_memory_mib * MIB
    limits = {
        name: bytes_of(service.told["deploy"]["resources"]["limits"]["memory"]) for name, service in SERVICES.items()
    }
    assert limits["worker-solo"] > alone + 300 * MIB
    assert limits["ingest"] > alone + 300 * MIB, "a preview is worked on there"
    pool = int(SERVICES["worker-clean"].environment["PAGEMILL_CLEAN_WORKERS"])
    assert limits["worker-clean"] > pool * 400_000 * 1024 + 200 * MIB
    assert limits["redis"] >= 2 * bytes_of(SERVICES["redis"].environment["REDIS_MAXMEMORY"])


def test_the_gateway_outwaits_the_services() -> None:
    text, settings = (ROOT / "deploy" / "gateway" / "nginx.conf").read_text(), Settings()
    seconds = {name: int(value) for name, value in re.findall(r"(\w+_timeout) (\d+)s;", text)}
    assert seconds["client_body_timeout"] > settings.slow_client_seconds
    for name in ("proxy_read_timeout", "proxy_send_timeout", "send_timeout"):
        assert seconds[name] > settings.wait_max_seconds
    assert "client_max_body_size 0;" in text
    assert "proxy_request_buffering off;" in text
    assert "proxy_buffering off;" in text


@pytest.mark.timeout(600)
def test_compose_reads_the_file() -> None:
    program = tool("docker-compose")
    ran = subprocess.run(
        [
            program,
            "--profile",
            "*",
            "--env-file",
            ROOT / ".env.example",
            "-f",
            ROOT / "docker-compose.yml",
            "config",
            "--format",
            "json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    read = json.loads(ran.stdout)["services"]
    assert read.keys() == SERVICES.keys()
    for name, service in SERVICES.items():
        assert (read[name]["command"] or []) == service.command
        assert {key: str(value) for key, value in (read[name].get("environment") or {}).items()} == service.environment


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("gone", "volume"), [("elasticsearch", "search"), ("redis", "ledger")])
def test_a_server_of_ones_own_takes_the_place_of_the_one_in_the_file(gone: str, volume: str) -> None:
    files = (ROOT / "docker-compose.yml", ROOT / "deploy" / "compose" / f"own-{gone}.yml")
    urls = {"PAGEMILL_REDIS_URL": "rediss://ledger.example", "PAGEMILL_SEARCH_URL": "https://pagemill@search.example"}
    ran = subprocess.run(
        [tool("docker-compose"), *(word for file in files for word in ("-f", file)), "config", "--format", "json"],
        env={**os.environ, **urls},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    read = json.loads(ran.stdout)
    assert gone not in read["services"]
    assert volume not in read["volumes"]
    for name, told in read["services"].items():
        assert gone not in told.get("depends_on", {})
        if name in OURS and name not in ("setup", "first-key"):
            assert told["environment"].items() >= urls.items()
            assert "outside" in told["networks"], "the network inside has no way out"


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    script = ROOT / "deploy" / "make-secrets.sh"
    for _ in range(2):
        subprocess.run([script, tmp_path / "secrets"], check=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(compose_file()["secrets"])
    first = made.pop("admin_key")
    assert read_key(first)
    assert all(re.fullmatch(r"[0-9a-f]{48}", text) for text in made.values())
    subprocess.run([script, tmp_path / "secrets"], check=True)
    again = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert again == {**made, "admin_key": first}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_service_class_reads_both_forms_of_a_secret() -> None:
    told = {"secrets": ["a", {"source": "b", "target": "c"}]}
    assert Service("x", told).secrets == {"a": "a", "c": "b"}
