"""The labelled web pages that quality is measured on: the development half of WCXB (Murrough Foley, CC BY 4.0 for the
set; each page is its owner's). They are too many to be kept here; `QUALITY_PAGES` names the folder that holds them."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from shared.models.clean_page import Clean
from shared.models.raw_page import Envelope, RawPage
from workers.clean import clean

FETCHED_AT = datetime(2026, 6, 1, tzinfo=UTC)
"""After every page of the set was fetched."""


class Labelled(NamedTuple):
    id: str
    url: str
    page_type: str
    title: str
    author: str
    published: str
    body: bytes

    @property
    def held_out(self) -> bool:
        """A third of the pages, by hash of their ids, on which results are confirmed and nothing is tuned."""
        return int(sha256(self.id.encode()).hexdigest(), 16) % 3 == 0


def folder() -> Path | None:
    """Where the pages are; None where nobody says."""
    named = os.environ.get("QUALITY_PAGES")
    return Path(named) if named else None


@cache
def labelled_pages() -> tuple[Labelled, ...]:
    where = folder()
    if where is None:
        raise SystemExit("QUALITY_PAGES names no folder with labels.jsonl and html/")
    return tuple(_read(where))


def cleaned(page: Labelled) -> Clean:
    """The page as it leaves the clean room."""
    envelope = Envelope(id=page.id, version=1, url=page.url, content_type="text/html", fetched_at=FETCHED_AT)
    return clean(RawPage(envelope=envelope, body=page.body)).clean


def _read(where: Path) -> Iterator[Labelled]:
    for line in (where / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        yield Labelled(
            label["id"],
            label["url"],
            label["page_type"],
            label["title"],
            label["author"] or "",
            label["published"] or "",
            gzip.decompress((where / "html" / f"{label['id']}.html.gz").read_bytes()),
        )


def labelled_texts() -> list[str]:
    """The texts that people marked."""
    where = folder()
    if where is None:
        raise SystemExit("QUALITY_PAGES names no folder with labels.jsonl")
    return [json.loads(line)["text"] or "" for line in (where / "labels.jsonl").read_text("utf-8").splitlines()]
