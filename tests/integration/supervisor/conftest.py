from pathlib import Path

import pytest

from services.supervisor.program import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path.resolve())
    found.run.mkdir()
    found.logs.mkdir()
    return found
