"""Titles of dumps beside the labelled ones, as `clean` gives them; the matching rule is that of `metadata`."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.models.raw_page import Envelope, RawPage
from tests.quality.cleaning.labelled import SHAPES, Labelled, read_pages
from tests.quality.metadata import title_matches
from workers.clean import clean

_FETCHED_AT = datetime(2026, 6, 1, tzinfo=UTC)


def found_titles(pages: Sequence[Labelled], shape: str, *, addressed: bool) -> tuple[int, int]:
    """How many of the labelled titles are found, and how many pages are given another one."""
    kind = "text/markdown" if shape == "markdown" else "text/plain"
    right = wrong = 0
    for page in pages:
        url = page.url if addressed else None
        envelope = Envelope(id=page.id, version=1, url=url, content_type=kind, fetched_at=_FETCHED_AT)
        title = clean(RawPage(envelope=envelope, body=page.dumps[shape].encode())).clean.title
        right += bool(title) and title_matches(page.title, title or "")
        wrong += bool(title) and not title_matches(page.title, title or "")
    return right, wrong


def measure() -> None:
    """Prints, for each shape with and without the page's address, titles that are found and that are wrong."""
    folder = os.environ.get("QUALITY_PAGES")
    if folder is None:
        print("Titles of dumps: QUALITY_PAGES names no folder of labelled pages")
        return
    dumped = [page for page in read_pages(Path(folder)) if page.dumps]
    print(
        "Titles of dumps: found and wrong; the table has seen these pages, `train_titles --check` tells what to expect"
    )
    for part, held_out in (("development", False), ("held out", True)):
        pages = [page for page in dumped if page.is_held_out is held_out]
        for shape in SHAPES:
            with_, without = (found_titles(pages, shape, addressed=addressed) for addressed in (True, False))
            print(f"  {part:12} {shape:10} {len(pages):4}  with address {with_[0]:3} {with_[1]:3}", end="")
            print(f"  without {without[0]:3} {without[1]:3}")
