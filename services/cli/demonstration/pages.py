"""The pages that the demo posts."""

import base64
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class DemoPage:
    """One page of `demo_pages`, and what a crawler would have known of it."""

    file: str
    content_type: str
    language: str
    url: str | None
    source: str
    tags: tuple[str, ...]
    body: bytes

    def item(self) -> dict[str, Any]:
        """As an item of a batch."""
        told = {"url": self.url, "content_type": self.content_type, "source": self.source, "tags": list(self.tags)}
        told["body"] = base64.b64encode(self.body).decode()
        return {name: value for name, value in told.items() if value}


def demo_pages() -> list[DemoPage]:
    """All of them, read from the installed package."""
    folder = files("services.cli") / "demo_pages"
    index = json.loads((folder / "index.json").read_text("utf-8"))
    return [DemoPage(**{**row, "tags": tuple(row["tags"])}, body=(folder / row["file"]).read_bytes()) for row in index]


def as_lines(pages: list[DemoPage]) -> bytes:
    """Pages as the NDJSON of a batch."""
    return b"".join(json.dumps(page.item()).encode() + b"\n" for page in pages)
