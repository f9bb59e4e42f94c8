"""The docs are complete: what can be set, called, or go wrong is in them."""

import re
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from services.together import make_together
from shared.models.receipt import FINAL_STATES
from shared.settings import Settings
from shared.urls import canonical_url, page_id
from tests.architecture import generated_dashboards
from tests.architecture.generated_docs import PAGES, ROOT
from tests.architecture.generated_elasticsearch import FOLDER, files
from workers.stages import LANES


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_tables_say_what_the_code_says(name: str) -> None:
    assert text(f"docs/{name}") == PAGES[name](), "make docs"


def test_what_elasticsearch_is_set_up_with_is_what_deploy_says() -> None:
    assert {path.name: path.read_text() for path in FOLDER.glob("*.json")} == files(), "make docs"


def test_the_dashboards_are_those_that_are_described() -> None:
    folder = generated_dashboards.FOLDER
    assert {path.name: path.read_text() for path in folder.glob("*.json")} == generated_dashboards.files(), "make docs"


def test_no_dashboard_sums_what_every_control_room_tells_of_the_ledger() -> None:
    # A quantile of buckets is the same of twice as many.
    section = (
        text("docs/metrics.md").partition("\n## Of the ledger, told by the control room\n")[2].partition("\n## ")[0]
    )
    names = re.findall(r"^\| `(pagemill_\w+)` \|", section, re.MULTILINE)
    assert len(names) > 20
    summed = re.compile(rf"\bsum\b(?: by \([^)]*\))? ?\((?:\w+\()?(?:{'|'.join(names)})(?:_sum|_count)?\b")
    assert [asked for asked in generated_dashboards.questions() if summed.search(asked)] == []


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_is_in_the_configuration_page(name: str) -> None:
    assert Settings.model_fields[name].description, f"{name} says nothing of itself"
    assert f"| `PAGEMILL_{name.upper()}` |" in text("docs/configuration.md")


def test_each_route_is_in_the_api_page() -> None:
    app = make_together(Settings())
    routes = {
        (method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods or ()
    }
    page = text("docs/api.md")
    missing = [f"{method} {path}" for method, path in sorted(routes) if f"{method} {_shown(path)}" not in page]
    assert missing == []


def _shown(path: str) -> str:
    named = {
        "{code}": "CODE",
        "{room}": "ROOM",
        "{view}": "VIEW",
        "{name}": "NAME",
        "{host}": "HOST",
        "{block}": "BLOCK",
    }
    return re.sub(r"\{\w+\}", lambda found: named.get(found.group(), "ID"), path)


@pytest.mark.parametrize("room", LANES)
def test_each_room_is_in_the_operations_page(room: str) -> None:
    assert f"`{room}` worker" in text("docs/operations.md")


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_each_final_state_is_in_the_api_page(state: str) -> None:
    assert f"`{state}`" in text("docs/api.md")


def test_variables_named_in_the_docs_are_settings() -> None:
    named = {name for page in pages() for name in re.findall(r"PAGEMILL_([A-Z_]+[A-Z])", page.read_text())}
    assert named - {"CONFIG", "NAME", "SECRETS", "TEST_ELASTICSEARCH", "TEST_EXAMPLES"} <= {
        name.upper() for name in Settings.model_fields
    }


def test_ids_named_in_the_docs_are_those_of_addresses_in_the_docs() -> None:
    text = "\n".join(page.read_text() for page in pages())
    shaped = set(re.findall(r"(?<![\w-])[A-Za-z0-9_-]{22}(?![\w-])", text))
    named = {one for one in shaped if re.search(r"[a-z]", one) and re.search(r"[A-Z]", one) and re.search(r"\d", one)}
    assert named
    assert named <= {
        page_id(canonical) for url in re.findall(r"https?://[^\s\"'`)|&,]+", text) for canonical in _canonical(url)
    }


def _canonical(url: str) -> list[str]:
    try:
        return [canonical_url(url)]
    except ValueError:
        return []


def test_links_between_the_docs_lead_somewhere() -> None:
    broken = [
        f"{page.name} -> {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
