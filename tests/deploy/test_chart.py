"""The Helm chart is held to the code: what it runs, sets and scales by exists, and whatever it names is there."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared.keys import read_key
from shared.ledger.ledger import Ledger
from shared.settings import MIB, Settings
from tests.deploy.chart import CHART, Rendered, Thing, environment, helm
from tests.deploy.command_line import KNOWN, refusal
from tests.deploy.compose_file import services
from tests.integration.monitor.test_figures import scrape
from workers.stages import LANES

pytestmark = pytest.mark.timeout(600)  # helm is built first, where it is not there

WHOLE = Rendered()
"""With a Redis and an Elasticsearch of its own."""
ELSEWHERE = Rendered(
    (
        'redis.url="rediss://ledger.example:6379/0"',
        'elasticsearch.url="https://pagemill@search.example:9200"',
        'elasticsearch.setupUrl="https://operator@search.example:9200"',
        'elasticsearch.caSecret="search-authority"',
        'secrets.existing="mill-secrets"',
        'secrets.existingSetup="mill-setup"',
        "autoscaling.enabled=true",
        "ingress.enabled=true",
        'hosts=["mill.example"]',
        'settings={"line_max_pages": 1000000, "page_max_bytes": 20971520, "receipt_days": 0.5, "require_keys": true}',
    )
)
"""With those of others, scaled, and open to the world."""
both = pytest.mark.parametrize("release", [WHOLE, ELSEWHERE], ids=["whole", "elsewhere"])


def labels_match(selector: dict[str, str], pod: Thing) -> bool:
    return bool(selector.items() <= pod["metadata"]["labels"].items())


def addresses(release: Rendered) -> dict[str, list[int]]:
    return {name: [port["port"] for port in each["spec"]["ports"]] for name, each in release.of("Service").items()}


@both
def test_helm_finds_nothing_wrong(release: Rendered) -> None:
    ran = helm("lint", "--strict", CHART, *release.words)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@both
def test_it_has_the_same_parts_as_compose_and_each_command_exists(release: Rendered) -> None:
    commands = sorted(container["args"][:2] for container in release.ours().values())
    assert commands == sorted(service.command[:2] for service in services().values() if service.ours)
    for container in release.ours().values():
        assert refusal(container["args"]) is None


def test_what_runs_beside_ours_is_what_compose_runs() -> None:
    in_compose = {service.told["image"] for service in services().values() if "profiles" not in service.told}
    images = {container["image"] for _, container in WHOLE.containers()}
    assert images - {"pagemill:0.1.0"} == in_compose - {"pagemill:latest"}


@both
def test_each_setting_is_known_and_can_be_read(release: Rendered) -> None:
    for container in release.ours().values():
        told = environment(container)
        assert told.keys() <= KNOWN
        values = {
            name.removeprefix("PAGEMILL_").lower(): value for name, value in told.items() if name != "PAGEMILL_SECRETS"
        }
        lists = {"allowed_hosts", "cors_origins", "services"}
        Settings.model_validate({name: json.loads(value) if name in lists else value for name, value in values.items()})


def test_settings_of_ones_own_reach_every_process() -> None:
    for name, container in ELSEWHERE.ours().items():
        told = environment(container)
        assert told["PAGEMILL_LINE_MAX_PAGES"] == "1000000"
        assert told["PAGEMILL_REDIS_URL"] == "rediss://ledger.example:6379/0"
        assert (told["PAGEMILL_SEARCH_URL"] == "https://pagemill@search.example:9200") is ("setup" not in name)


def test_parts_that_are_elsewhere_do_not_run_here() -> None:
    assert set(WHOLE.of("StatefulSet")) == {"mill-pagemill-redis", "mill-pagemill-elasticsearch"}
    assert ELSEWHERE.of("StatefulSet", "Secret") == {}


@both
def test_whoever_runs_is_watched_limited_and_harmless(release: Rendered) -> None:
    for name, pod in release.pods().items():
        spec, (container,) = pod["spec"], pod["spec"]["containers"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["enableServiceLinks"] is False, "they would be PAGEMILL_* variables"
        assert spec["automountServiceAccountToken"] is False
        assert spec["terminationGracePeriodSeconds"] >= 60
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is (not name.endswith("-elasticsearch"))
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        if name not in release.of("Job"):
            assert "livenessProbe" in container


@both
@pytest.mark.parametrize("room", LANES)
def test_a_worker_is_asked_whether_it_works(release: Rendered, room: str) -> None:
    container = release.ours()[f"mill-pagemill-worker-{room}"]
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["exec"]["command"] == ["pagemill", "alive", room]
    assert environment(container)["PAGEMILL_ALIVE_FILE"].startswith("/tmp/")


@both
def test_everything_that_is_mounted_is_there(release: Rendered) -> None:
    for pod in release.pods().values():
        spec, (container,) = pod["spec"], pod["spec"]["containers"]
        volumes = {volume["name"]: volume for volume in spec.get("volumes", ())}
        claimed = {name for thing in release.of("StatefulSet").values() for name in _claims(thing)}
        mounted = {mount["name"] for mount in container["volumeMounts"]}
        assert volumes.keys() <= mounted <= volumes.keys() | claimed
        for volume in volumes.values():
            for secret in secrets_of(volume):
                assert secret in {*release.of("Secret"), "mill-secrets", "mill-setup", "search-authority"}
            if config := volume.get("configMap"):
                assert config["name"] in release.of("ConfigMap")


def secrets_of(volume: Thing) -> list[str]:
    """The Secrets in a volume."""
    projected = [source["secret"]["name"] for source in volume.get("projected", {}).get("sources", ())]
    return [volume["secret"]["secretName"]] if "secret" in volume else projected


def test_what_only_set_up_may_know_is_mounted_nowhere_else() -> None:
    holders = {
        name
        for name, pod in WHOLE.pods().items()
        for volume in pod["spec"].get("volumes", ())
        if "mill-pagemill-setup" in secrets_of(volume)
    }
    assert holders == {"mill-pagemill-elasticsearch", "mill-pagemill-setup-1", "mill-pagemill-first-key-1"}
    urls = {name: environment(container)["PAGEMILL_SEARCH_URL"] for name, container in WHOLE.ours().items()}
    assert {name for name, url in urls.items() if "elastic@" in url} == {"mill-pagemill-setup-1"}


def test_set_up_elsewhere_comes_as_who_may_and_not_at_all_where_nobody_is_named() -> None:
    job = ELSEWHERE.pods()["mill-pagemill-setup-1"]["spec"]
    told = environment(job["containers"][0])
    assert told["PAGEMILL_SEARCH_URL"] == "https://operator@search.example:9200"
    assert told["PAGEMILL_SEARCH_CA_FILE"] == "/etc/pagemill/search/ca.crt"
    sources = [
        source["secret"] for volume in job["volumes"] for source in volume.get("projected", {}).get("sources", ())
    ]
    assert [(source["name"], source["items"][0]["path"], source["optional"]) for source in sources] == [
        ("mill-setup", "pagemill_search_password", True),
        ("mill-setup", "pagemill_search_api_key", True),
    ]
    without = Rendered(tuple(value for value in ELSEWHERE.values if "setupUrl" not in value))
    assert without.of("Job").keys() == {"mill-pagemill-first-key-1"}


def test_settings_are_written_as_the_code_reads_them() -> None:
    told = environment(ELSEWHERE.ours()["mill-pagemill-worker-clean"])
    written = {name: told[f"PAGEMILL_{name.upper()}"] for name in ("line_max_pages", "page_max_bytes", "receipt_days")}
    assert written == {"line_max_pages": "1000000", "page_max_bytes": "20971520", "receipt_days": "0.5"}


def test_no_service_answers_without_a_key_and_the_first_one_is_a_key() -> None:
    data = WHOLE.of("Secret")["mill-pagemill-setup"]["data"]
    assert read_key(base64.b64decode(data["admin_key"]).decode())
    for name in ("ingest", "query", "monitor"):
        assert environment(WHOLE.ours()[f"mill-pagemill-{name}"])["PAGEMILL_REQUIRE_KEYS"] == "true"


def _claims(thing: Thing) -> list[str]:
    return [claim["metadata"]["name"] for claim in thing["spec"].get("volumeClaimTemplates", ())]


def test_the_passwords_are_settings_and_random_where_none_are_given() -> None:
    secret = WHOLE.of("Secret")["mill-pagemill-passwords"]
    assert {name.removeprefix("pagemill_") for name in secret["data"]} <= Settings.model_fields.keys()
    assert all(len(value) > 40 for value in secret["data"].values())
    assert len(set(secret["data"].values())) == 2


@both
def test_every_service_leads_to_a_port_of_a_pod(release: Rendered) -> None:
    for service in release.of("Service").values():
        pods = [pod for pod in release.pods().values() if labels_match(service["spec"]["selector"], pod)]
        assert len(pods) == 1
        named = {port["name"] for container in pods[0]["spec"]["containers"] for port in container["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= named


@both
def test_every_address_that_is_named_is_a_service(release: Rendered) -> None:
    known = addresses(release)
    text = json.dumps([environment(container) for container in release.ours().values()])
    text += release.of("ConfigMap")["mill-pagemill-gateway"]["data"]["nginx.conf"]
    for name, port in re.findall(r"(mill-pagemill[\w-]*)(?:\.[\w.]+)?:(\d+)", text):
        assert int(port) in known[name]
    assert not re.search(r"[ /](ingest|query|monitor):8800", text), "compose's own names"
    assert "127.0.0.11" not in text


@both
def test_every_budget_and_policy_is_of_pods_that_there_are(release: Rendered) -> None:
    pods = release.pods().values()
    for thing in release.of("PodDisruptionBudget").values():
        assert any(labels_match(thing["spec"]["selector"]["matchLabels"], pod) for pod in pods)
    for thing in release.of("NetworkPolicy").values():
        assert any(labels_match(thing["spec"]["podSelector"]["matchLabels"], pod) for pod in pods)
    assert set(release.of("Deployment")) == set(release.of("PodDisruptionBudget"))


@both
def test_nobody_reaches_a_pod_who_is_not_let_in(release: Rendered) -> None:
    everybody = release.of("NetworkPolicy")["mill-pagemill"]["spec"]
    assert everybody["policyTypes"] == ["Ingress"]
    assert "ingress" not in everybody
    assert all(labels_match(everybody["podSelector"]["matchLabels"], pod) for pod in release.pods().values())
    for name in ("ingest", "query", "monitor"):
        (rule,) = release.of("NetworkPolicy")[f"mill-pagemill-{name}"]["spec"]["ingress"]
        assert len(rule["from"]) == 3


def test_workers_scale_by_figures_that_the_control_room_gives(ledger: Ledger) -> None:
    figures = {name.partition("{")[0] for name in scrape(ledger)}
    scaled = ELSEWHERE.of("ScaledObject")
    assert set(scaled) == {f"mill-pagemill-worker-{room}" for room in LANES if room != "solo"}
    for name, thing in scaled.items():
        worker = ELSEWHERE.of("Deployment")[thing["spec"]["scaleTargetRef"]["name"]]
        assert "replicas" not in worker["spec"], "two would set them"
        queries = [trigger["metadata"]["query"] for trigger in thing["spec"]["triggers"]]
        asked = [re.fullmatch(r'max\((\w+)\{room="(\w+)",namespace="default"\}\)', query) for query in queries]
        assert [found and found[1] for found in asked] == ["pagemill_room_waiting", "pagemill_room_oldest_seconds"]
        assert {found[1] for found in asked if found} <= figures
        assert {found[2] for found in asked if found} == {name.removeprefix("mill-pagemill-worker-")}
        assert thing["spec"]["minReplicaCount"] >= 1, "nobody would judge a room without a worker"
    assert WHOLE.of("ScaledObject") == {}
    assert all(worker["spec"]["replicas"] >= 1 for worker in WHOLE.of("Deployment").values())


def test_the_world_comes_in_by_the_gateway() -> None:
    (ingress,) = ELSEWHERE.of("Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    assert rule["host"] == "mill.example"
    (path,) = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == "mill-pagemill"
    hosts = json.loads(environment(ELSEWHERE.ours()["mill-pagemill-query"])["PAGEMILL_ALLOWED_HOSTS"])
    assert "mill.example" in hosts
    assert {"mill-pagemill-ingest", "mill-pagemill-query"} < set(hosts), "the control room calls them by these"
    assert WHOLE.of("Ingress") == {}


def test_files_of_the_chart_are_those_of_compose() -> None:
    for name, place in {"nginx.conf": "gateway", "redis.conf": "redis", "start.sh": "redis"}.items():
        assert (CHART / "files" / name).resolve() == CHART.parents[1] / place / name
    told: dict[str, Any] = WHOLE.of("ConfigMap")["mill-pagemill-redis"]["data"]
    assert told["start.sh"] == (CHART.parents[1] / "redis" / "start.sh").read_text()


def test_temporary_files_have_as_much_room_as_in_compose() -> None:
    in_compose = {service.told["tmpfs"][0] for service in services().values() if service.ours}
    assert in_compose == {"/tmp:size=256m"}
    for name in WHOLE.ours():
        volumes = {each["name"]: each for each in WHOLE.pods()[name]["spec"]["volumes"]}
        assert volumes["tmp"]["emptyDir"]["sizeLimit"] == f"{256 * MIB // MIB}Mi"


def test_every_value_is_used() -> None:
    used = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    for name in _top_values(CHART / "values.yaml"):
        assert f".Values.{name}" in used, name


def _top_values(path: Path) -> list[str]:
    return re.findall(r"^(\w+):", path.read_text(), flags=re.MULTILINE)
