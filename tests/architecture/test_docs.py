"""The docs are complete: what can be set, called, or go wrong is in them."""

import re
from pathlib import Path

import pytest

from shared.errors import CODES
from shared.settings import Settings
from workers.stages import LANES

ROOT = Path(__file__).parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_is_in_the_configuration_page_with_its_description(name: str) -> None:
    rows = text("docs/configuration.md")
    description = Settings.model_fields[name].description
    assert description, f"{name} says nothing of itself"
    assert f"`PAGEMILL_{name.upper()}`" in rows
    assert description in rows


def test_the_configuration_page_names_no_setting_that_is_gone() -> None:
    named = set(re.findall(r"`PAGEMILL_([A-Z_]+)`", text("docs/configuration.md"))) - {"CONFIG"}
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_problem_code_has_a_heading(code: str) -> None:
    assert f"\n## {code}\n" in text("docs/problems.md")


@pytest.mark.parametrize("room", LANES)
def test_each_room_is_in_the_operations_page(room: str) -> None:
    assert f"`{room}` worker" in text("docs/operations.md")


def test_links_between_the_docs_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.name} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
