"""Names in news are found as they were measured; `names` prints all figures."""

import pytest

from tests.quality.names import Counts, counts, folder, items
from workers.enrich.names import find_names

pytestmark = pytest.mark.skipif(folder() is None, reason="QUALITY_NEWS names no folder of news")


@pytest.mark.parametrize("held_out", [False, True])
def test_names_in_news_are_found(held_out: bool) -> None:
    told = counts([item for item in items() if item.held_out == held_out], find_names)
    together = Counts(*(sum(each) for each in zip(*told.values(), strict=True)))
    assert together.precision >= 0.91
    assert together.recall >= 0.88
