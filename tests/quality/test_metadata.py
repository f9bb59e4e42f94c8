"""Title, writers and day of labelled pages stay as good as they were measured; `metadata` prints all figures."""

import pytest

from tests.quality.labelled_pages import folder, labelled_pages
from tests.quality.metadata import figures, ours

pytestmark = pytest.mark.skipif(folder() is None, reason="QUALITY_PAGES names no folder of labelled pages")


def test_titles_writers_and_days_are_those_that_people_marked() -> None:
    got = figures(ours, labelled_pages())
    assert got.title >= 0.91
    assert got.author >= 0.86
    assert got.published >= 0.84
    assert got.invented <= 0.08


def test_what_was_not_looked_at_is_read_as_well() -> None:
    got = figures(ours, [page for page in labelled_pages() if page.held_out])
    assert got.title >= 0.88
    assert got.author >= 0.80
    assert got.published >= 0.70
