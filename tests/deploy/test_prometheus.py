"""Given a running house, then a real Prometheus scrapes it, and what rules and dashboards ask for is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from services.cli.worker_command import LANES
from tests.architecture.generated_dashboards import questions
from tests.architecture.generated_docs import ROOT
from tests.deploy.prometheus import FOLDER, Prometheus, promtool, running
from tests.scraping import names_in, worker_address
from tests.stack import Stack

RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"] for rule in group["rules"]]
QUESTIONS = [re.sub(r"\$__rate_interval", "1m", question) for question in questions()]


@pytest.fixture(scope="module")
def prometheus(mill: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """One that has scraped a house in which pages became searchable, died, were found and were dropped."""
    with mill.client() as client:
        page = {"url": "https://scraped.example/1", "content": "<p>A page that Prometheus hears of.</p>" * 20}
        assert client.post("/v1/pages?wait=searchable&timeout=50", json=page).json()["state"] == "searchable"
        dead = {"url": "https://scraped.example/dead", "content": "<html><body></body></html>"}
        client.post("/v1/pages?wait=searchable&timeout=50", json=dead).raise_for_status()
        client.post("/v1/pages?wait=searchable&timeout=50", json={**dead, "url": "https://scraped.example/lies-there"})
        letter = {"ids": [client.get("/v1/pages", params={"url": dead["url"]}).json()["id"]], "note": "for the figures"}
        client.post("/v1/dead-letters/discard", json=letter).raise_for_status()
        client.post("/v1/pages", json={"url": "https://scraped.example/again", "content": ""})
        client.get("/v1/search?q=Prometheus").raise_for_status()
    workers = [worker_address(mill, room) for room in LANES]
    targets = {"pagemill": [mill.url.removeprefix("http://")], "pagemill-workers": workers}
    with running(tmp_path_factory.mktemp("prometheus"), targets) as started:
        started.wait_for('up{job=~"pagemill.*"} == 1', 5)
        yield started


@pytest.mark.processes
def test_every_process_is_scraped_without_an_error(prometheus: Prometheus) -> None:
    told = prometheus.ask("targets", state="active")["activeTargets"]
    assert [target["lastError"] for target in told] == [""] * 5


@pytest.mark.processes
@pytest.mark.parametrize("expression", [*QUESTIONS, *(rule["expr"] for rule in RULES)])
def test_what_is_asked_for_can_be_asked_and_is_there(prometheus: Prometheus, expression: str) -> None:
    prometheus.query(expression)
    there = set(prometheus.ask("label/__name__/values"))
    assert names_in(expression) - there == set()


@pytest.mark.processes
def test_rules_are_worked_out_without_an_error_and_a_sound_house_raises_no_alarm(prometheus: Prometheus) -> None:
    prometheus.wait_for("prometheus_rule_evaluations_total or vector(1)", 1)
    (group,) = prometheus.ask("rules")["groups"]
    assert [rule["name"] for rule in group["rules"] if rule.get("lastError")] == []
    assert [rule["name"] for rule in group["rules"] if rule["state"] == "firing"] == []


@pytest.mark.processes
def test_every_figure_is_described(prometheus: Prometheus) -> None:
    there = {name for name in prometheus.ask("label/__name__/values") if name.startswith("pagemill_")}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in there if not name.endswith("_created")}
    page = (ROOT / "docs" / "metrics.md").read_text()
    described = set(re.findall(r"^\| `(pagemill_\w+)", page, flags=re.MULTILINE))
    assert families - described == set()
    assert described - families == set()


def test_prometheus_can_read_its_settings(tmp_path: Path) -> None:
    text = (FOLDER / "prometheus.yml").read_text().replace("/etc/pagemill", str(FOLDER))
    (tmp_path / "prometheus.yml").write_text(text)
    told = promtool("check", "config", str(tmp_path / "prometheus.yml"))
    assert told.returncode == 0, told.stdout + told.stderr


def test_rules_speak_when_they_are_meant_to_and_not_else() -> None:
    told = promtool("test", "rules", "rules_test.yml")
    assert told.returncode == 0, told.stdout + told.stderr


def test_each_rule_has_a_test_in_which_it_speaks_and_one_in_which_it_does_not() -> None:
    cases = yaml.safe_load((FOLDER / "rules_test.yml").read_text())["tests"]
    told = [(case["alertname"], "exp_alerts" in case) for test in cases for case in test["alert_rule_test"]]
    assert {name for name, speaks in told if speaks} == {rule["alert"] for rule in RULES}
    assert {name for name, speaks in told if not speaks} == {rule["alert"] for rule in RULES}


def test_each_rule_says_what_is_so_and_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
        assert set(rule["annotations"]) == {"summary", "todo"}
