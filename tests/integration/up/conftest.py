from collections.abc import Iterator

import pytest

from tests.stack import Stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One that tests may take programs from, as each of them is back at the end."""
    up = Stack(tmp_path_factory.mktemp("up") / "data", clean_workers=1).start()
    yield up
    up.stop()
