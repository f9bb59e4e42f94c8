"""The engine's own highlights, for hits where ours finds no mark: its analyzers go further than our stems."""

from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any, Final

from shared.search.snippets import SNIPPET_CHARS, tidied

_READ_CHARS: Final = 1_000_000
"""How far into a text the engine reads; its own limit is the same."""
_LONGEST: Final = 4 * SNIPPET_CHARS
"""A sentence that is longer is no passage to show."""
_PASSAGES: Final = 2
"""The best may be the title, which is no passage of the text."""


def highlight_asked(query: Mapping[str, Any], ids: Sequence[str]) -> dict[str, Any]:
    """A search for the best passages of these documents."""
    return {
        "query": {"terms": {"id": list(ids)}},
        "size": len(ids),
        "_source": False,
        "highlight": {
            "type": "unified",
            "encoder": "html",
            "pre_tags": ["<mark>"],
            "post_tags": ["</mark>"],
            "highlight_query": dict(query),
            "fields": {"text.*": {}},
            "fragment_size": SNIPPET_CHARS,
            "number_of_fragments": _PASSAGES,
            "order": "score",
            "boundary_scanner_locale": "root",
            "max_analyzed_offset": _READ_CHARS,
        },
    }


def passages_told(hits: Sequence[Mapping[str, Any]], titles: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """Id and passage, as safe HTML, of the documents that have one."""
    for hit in hits:
        for passages in hit.get("highlight", {}).values():
            title = titles.get(hit["_id"]) or ""
            bare = [(passage, _bare(passage)) for passage in passages]
            found = [tidied(passage) for passage, text in bare if text not in title and len(text) <= _LONGEST]
            if found:
                yield hit["_id"], found[0]


def _bare(passage: str) -> str:
    return unescape(passage.replace("<mark>", "").replace("</mark>", "")).strip()
