from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.search_engines import ENGINES, Engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty engine."""
    opened = ENGINES[request.param](tmp_path)
    yield opened
    opened.writer.close()
    opened.index.close()
