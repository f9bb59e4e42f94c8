"""A dump larger than the line: the client waits, and every item is taken once."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.processes

COUNT = 250
STORY = "The harbour master counts the boats each evening and writes their number on a slate. " * 250


@pytest.fixture
def narrow() -> Iterator[Stack]:
    """A house with room for few pages."""
    with tempfile.TemporaryDirectory(prefix="pm-") as folder:
        stack = Stack(Path(folder), line_max_pages=80, clean_workers=2)
        yield stack.start()
        stack.stop()


def test_a_dump_larger_than_the_line_is_taken_whole_and_once(narrow: Stack, tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    with path.open("w") as dump:
        for number in range(COUNT):
            page = {"url": f"https://full.example/{number}", "content": f"Page {number}. {STORY}"}
            dump.write(json.dumps(page) + "\n")
    ran = narrow.run("post", str(path), "--wait", "--json", timeout=100)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["counts"]["accepted"], told["states"]) == (COUNT, {"searchable": COUNT})
    assert "line is full" in ran.stderr
    ledger = narrow.ledger()
    assert (ledger["accepted"], ledger["searchable"], ledger["balanced"]) == (COUNT, COUNT, True)
