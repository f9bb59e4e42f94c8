"""What the demo shows: pages in, searches out, one receipt, the ledger's equation."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from services.cli.client import Client, path_of
from services.cli.demonstration.pages import DemoPage, as_lines, demo_pages
from services.cli.failure import CommandFailed
from services.cli.showing.equation import equation
from services.cli.showing.hits import results
from services.cli.showing.receipt import timeline

SEARCHES: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("a word in any of its forms, near copies as one hit", {"q": "bridges", "fold": "story", "size": "3"}),
    ("a phrase", {"q": '"rule of twelfths"'}),
    (
        "any of some words, French pages only, counted by subject and site",
        {"q": "phare pont corde", "match": "best", "language": "fr", "facets": "tag,site"},
    ),
)
_LONGEST_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.05


def tour(client: Client, console: Console, moved: Callable[[str], None]) -> None:
    """Posts the pages, waits until they are searchable, and shows what can be asked.

    Args:
        client: of a stack without other pages.
        console: what is shown goes there.
        moved: is told how far it has got.

    Raises:
        CommandFailed: a page was not taken, did not become searchable, or a search found nothing.
    """
    pages = demo_pages()
    begun = time.monotonic()
    _post(client, pages)
    seconds = _searchable(client, len(pages), moved) - begun
    console.print(f"{_told(pages)} posted, and searchable {seconds:.1f} s later\n")
    hits = [hit for said, asked in SEARCHES for hit in _search(client, console, said, asked)]
    _heading(console, "the way of one page", f"pagemill status {hits[0]['id']}")
    console.print(timeline(client.get(path_of("v1", "pages", hits[0]["id"]))))
    _heading(console, "\nwhere every page is", "pagemill status")
    console.print(equation(client.get("/v1/monitor/ledger")))


def command(asked: dict[str, str]) -> str:
    """The same search on the command line."""
    words = asked["q"] if '"' not in asked["q"] else f"'{asked['q']}'"
    words = f"'{words}'" if " " in words and "'" not in words else words
    return " ".join(["pagemill search", words, *(f"--{name} {value}" for name, value in asked.items() if name != "q")])


def _told(pages: list[DemoPage]) -> str:
    kinds = Counter(page.content_type.partition("/")[2] for page in pages)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{len(pages)} pages ({counts}) in {len({page.language for page in pages})} languages"


def _post(client: Client, pages: list[DemoPage]) -> None:
    told = client.send("/v1/pages/batch", as_lines(pages), "application/x-ndjson")
    if told["accepted"] != len(pages):
        errors = [result["error"]["detail"] for result in told["results"] if "error" in result]
        raise CommandFailed(f"{told['accepted']} of {len(pages)} pages were accepted: {'; '.join(errors)}")


def _searchable(client: Client, count: int, moved: Callable[[str], None]) -> float:
    """Waits for all pages; when that was."""
    until = time.monotonic() + _LONGEST_SECONDS
    while time.monotonic() < until:
        told = client.get("/v1/monitor/ledger")
        moved(f"{told['searchable']} of {count} pages are searchable")
        if told["searchable"] == count:
            return time.monotonic()
        if told["searchable"] + told["dead"] == count:
            break
        time.sleep(_LOOK_SECONDS)
    raise CommandFailed(f"{told['searchable']} of {count} pages became searchable, {told['dead']} are dead letters")


def _search(client: Client, console: Console, said: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    told = client.get("/v1/search", asked)
    _heading(console, said, command(asked))
    console.print(results(told, signs=not console.is_terminal))
    console.print()
    if not told["hits"]:
        raise CommandFailed(f"the search for {asked['q']} found nothing")
    return list(told["hits"])


def _heading(console: Console, said: str, typed: str) -> None:
    console.print(Text.assemble((said, "bold cyan"), "  ", (f"$ {typed}", "dim")))
