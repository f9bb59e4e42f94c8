"""docs/command-line.md is complete, and what it shows exists."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from services.cli.main import app
from tests.architecture.generated_docs import ROOT

PAGE = (ROOT / "docs" / "command-line.md").read_text()


def commands(command: Any, name: str = "pagemill") -> Iterator[tuple[str, Any]]:
    yield name, command
    for verb, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {verb}")


COMMANDS = dict(commands(typer.main.get_command(app)))


def section(name: str) -> str:
    """What stands under a verb's heading; under the page's own for the command itself."""
    heading = "# The command line" if name == "pagemill" else rf"##+ {name}"
    found = re.search(rf"^{heading}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def options(command: Any) -> set[str]:
    shown = [each for each in command.params if each.param_type_name == "option" and not each.hidden]
    return {word for option in shown for word in (*option.opts, *option.secondary_opts)}


def test_the_options_of_the_command_are_known_to_these_tests() -> None:
    assert [name for name in COMMANDS if "--json" not in options(COMMANDS[name])] == [
        "pagemill",
        "pagemill dead-letters",
        "pagemill index",
        "pagemill keys",
        "pagemill sites",
    ]


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_verb_has_a_section_with_each_of_its_options(name: str) -> None:
    assert section(name), f"no section {name}"
    missing = {word for word in options(COMMANDS[name]) if not re.search(rf"(?<![\w-]){word}(?![\w-])", section(name))}
    assert missing == set()


def test_every_example_is_a_verb_with_options_that_it_has() -> None:
    examples = re.findall(r"^(?:.*\| |export .*)?(pagemill [a-z].*?)(?: [|<>].*)?$", "\n".join(_fences()), re.MULTILINE)
    assert len(examples) > 30
    for example in examples:
        words = shlex.split(example)
        name = " ".join(words[:3] if " ".join(words[:3]) in COMMANDS else words[:2])
        known = options(COMMANDS[name])
        assert {word for word in words if word.startswith("--") and word != "--"} <= known, example


def _fences() -> list[str]:
    return [text for kind, text in re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) if not kind]
