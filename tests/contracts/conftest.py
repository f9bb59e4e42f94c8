from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.search_engines import ENGINES, Engine, open_engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty engine."""
    opened = open_engine(request, tmp_path)
    yield opened
    opened.close()
