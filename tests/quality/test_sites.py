"""Learning what sites repeat stays worth as much as it was measured (docs/cleaning.md), and eats next to no story."""

import os

import pytest

from tests.quality.cleaning.labelled import SHAPES, read_pages
from tests.quality.cleaning.sister_pages import dump_sites, html_sites
from tests.quality.cleaning.sites import learnt_on
from tests.quality.cleaning.tables import folder

WHOLE = bool(os.environ.get("QUALITY_PAGES"))
CLOSED = 0.15 if WHOLE else 0.3
"""The share of what F1 lacks on the last five of ten pages of a site, without what was learnt, that learning adds."""


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("shape", ["html", *SHAPES])
def test_the_last_five_of_ten_pages_of_a_site_keep_less_of_what_the_site_says(shape: str) -> None:
    pages = [page for page in read_pages(folder()) if not page.is_held_out]
    told = learnt_on(html_sites(pages) if shape == "html" else dump_sites(pages, shape))
    without, learnt = (told.mean(found, 5) for found in (told.without, told.learnt))
    assert learnt - without >= CLOSED * (1 - without)
    assert len(told.wrong) <= told.dropped * 0.01
