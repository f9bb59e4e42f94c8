"""The labelled pages of the Web Content Extraction Benchmark (Murrough Foley, CC BY 4.0), in the folder they are in."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TYPES = ("article", "forum", "product", "listing", "collection", "documentation", "service")
SHAPES = ("markdown", "text", "extracted")


@dataclass(frozen=True)
class Labelled:
    """One page with what a person kept of it."""

    folder: Path
    id: str
    url: str
    page_type: str
    text: str
    must_have: tuple[str, ...]
    must_not_have: tuple[str, ...]
    title: str = ""

    @property
    def html(self) -> str:
        return gzip.decompress((self.folder / "html" / f"{self.id}.html.gz").read_bytes()).decode("utf-8", "replace")

    @property
    def dumps(self) -> dict[str, str]:
        """The page in the shapes of dumps, where there are any."""
        path = self.folder / "dumps" / f"{self.id}.json.gz"
        return dict(json.loads(gzip.decompress(path.read_bytes()))) if path.exists() else {}

    @property
    def is_held_out(self) -> bool:
        """Whether the page is in the third that is looked at only to confirm."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 3 == 0

    @property
    def fold(self) -> int:
        """One of five parts; pages of one site are in the same."""
        site = ".".join((urlsplit(self.url).hostname or self.id).split(".")[-2:])
        return int(hashlib.sha256(site.encode()).hexdigest(), 16) % 5


def read_pages(folder: Path) -> Iterator[Labelled]:
    """The pages of a folder with `labels.jsonl`, `html/` and `dumps/`."""
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        yield Labelled(
            folder=folder,
            id=label["id"],
            url=label["url"] or "",
            page_type=label["page_type"],
            text=label["text"],
            must_have=tuple(label["must_have"] or ()),
            must_not_have=tuple(label["must_not_have"] or ()),
            title=label["title"] or "",
        )
