"""Titles of dumps stay as good as they were measured; `titles` prints all figures."""

import pytest

from tests.quality.cleaning.labelled import read_pages
from tests.quality.cleaning.titles import found_titles
from tests.quality.labelled_pages import folder

pytestmark = pytest.mark.skipif(folder() is None, reason="QUALITY_PAGES names no folder of labelled pages")


@pytest.mark.parametrize(
    ("shape", "addressed", "least", "most"),
    [
        ("markdown", True, 0.93, 0.06),
        ("markdown", False, 0.93, 0.06),
        ("text", True, 0.86, 0.06),
        ("text", False, 0.77, 0.14),
        ("extracted", True, 0.29, 0.14),
        ("extracted", False, 0.26, 0.15),
    ],
)
def test_titles_of_dumps_are_found_and_few_are_made_up(shape: str, addressed: bool, least: float, most: float) -> None:
    where = folder()
    assert where is not None
    pages = [page for page in read_pages(where) if page.dumps]
    right, wrong = found_titles(pages, shape, addressed=addressed)
    assert right >= least * len(pages)
    assert wrong <= most * len(pages)
