"""The folder that a command is run in is somebody else's: nothing in it is imported in place of what a page needs."""

import asyncio
import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from services.ingest.preview.pool import PreviewPool
from shared.archive.port import ArchivedPage
from shared.intake import Page
from shared.models.raw_page import Submission
from shared.packing import pack
from shared.settings import Settings
from shared.sites.known import KnownSites
from workers.index.cleaning_again import CleaningAgain

pytestmark = pytest.mark.processes

COMMAND = Path(sys.executable).with_name("pagemill")
SOURCE = Path(__file__).parents[3]
FOREIGN = ("struct.py", "lxml.py", "json.py", "celery.py", "services.py", "workers.py")
PAGE = Page(Submission(id="a", content_type="text/plain"), b"The bridge was built of iron, and grows in summer.")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A folder with files that are called like modules, and leave a mark wherever they are run."""
    for name in FOREIGN:
        (tmp_path / name).write_text(f"open({str(tmp_path / 'imported')!r}, 'a').write({name!r})\nprint('imported')\n")
    return tmp_path


def _cleaned(folder: Path, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    line = json.dumps({"id": 1, "content": "# Tides\n\nTwice a day."})
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PAGEMILL_", "PYTHON"))}
    return subprocess.run(
        command, input=line, cwd=folder, env=env | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_filter_imports_nothing_from_the_folder_it_is_run_in(foreign: Path) -> None:
    done = _cleaned(foreign, [str(COMMAND), "clean"])
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["title"] == "Tides"
    assert not (foreign / "imported").exists()


def test_the_filter_runs_from_a_source_folder_that_is_not_installed(foreign: Path) -> None:
    bare = os.path.realpath(sys.executable)  # outside the environment, whose libraries alone it is lent
    code = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from services.cli.main import main; main()"
    done = _cleaned(foreign, [bare, "-P", "-c", code, "clean"], PYTHONPATH=sysconfig.get_path("purelib"))
    assert done.stderr == ""
    assert json.loads(done.stdout)["title"] == "Tides"


def test_previews_import_nothing_from_the_folder_that_the_services_run_in(
    foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(foreign)

    async def previewed() -> bytes:
        pool = PreviewPool(Settings())
        try:
            return await pool.preview(PAGE)
        finally:
            await pool.close()

    assert "grows in summer" in json.loads(asyncio.run(previewed()))["document"]["text"]
    assert not (foreign / "imported").exists()


def test_cleaning_again_imports_nothing_from_the_folder_that_the_worker_runs_in(
    foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(foreign)
    again = CleaningAgain(Settings(), KnownSites(lambda _: {}))
    try:
        told = again.begin(ArchivedPage(id="a" * 22, version=1, packed=pack(*PAGE)), None).result(60)
    finally:
        again.close()
    assert told.document is not None
    assert "grows in summer" in told.document.text
    assert not (foreign / "imported").exists()


def test_a_filter_whose_processes_cannot_start_says_so_and_why_and_fails(foreign: Path) -> None:
    broken = foreign / "broken"
    broken.mkdir()
    (broken / "lxml.py").write_text("raise ImportError('this lxml is none')\n")
    done = _cleaned(foreign, [str(COMMAND), "clean"], PYTHONPATH=str(broken))
    assert done.returncode == 1
    assert "pagemill: the process that cleans pages does not start" in done.stderr
    assert "this lxml is none" in done.stderr
    assert done.stdout == ""
