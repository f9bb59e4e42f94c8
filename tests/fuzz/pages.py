"""Real pages, and what becomes of them in careless hands."""

import gzip
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from hypothesis import strategies as st

from tests.warc_files import info, record, response

_TESTS: Final = Path(__file__).parents[1]
_DEMO: Final = _TESTS.parent / "services" / "cli" / "demo_pages"
_HTML: Final = _TESTS / "quality" / "data" / "wcxb" / "html"
_MOST: Final = 60_000
"""Bytes of a page: it is the shapes that matter, and a hundred thousand of them have to be cleaned."""
_KINDS: Final = {".html": "text/html", ".md": "text/markdown", ".txt": "text/plain"}
_PIECES: Final = tuple(
    text.encode()
    for text in (
        *(
            "<",
            ">",
            "</div>",
            "<!--",
            "-->",
            "<![CDATA[",
            "<p",
            "<table><tr><td>",
            "<svg><title>",
            "<template>",
            "<pre>",
        ),
        *("<script>", "<style>", "<noscript>", "<textarea>", "<base href='//x'>", "<meta charset=utf-7>", "<a href='"),
        *('<script type="application/ld+json">{"@graph":[', '{"@id":"#a","author":{"@id":"#a"}}', "</script>"),
        *(
            '<meta property="article:published_time" content="0000-99-99T99:99">',
            "<time datetime='-1'>",
            "<h1>",
            "</html>",
        ),
        *(
            "&#x110000;",
            "&#0;",
            "&bogus;",
            "\0",
            "\ufeff",
            "\u202e",
            "\ud7ff",
            "\x1b[31m",
            "\r",
            "\u2028",
            "\u0301" * 40,
        ),
        *(
            "```\n",
            "---\n",
            "# ",
            "> " * 50,
            "* " * 50,
            "| a | b |\n|--|--|\n",
            "![](",
            "[x]: <",
            "***",
            "1. ",
            "\t" * 30,
        ),
        *("<div>" * 300, "</p>" * 300, "<b><i>" * 200, "[" * 300, "(" * 300, "word " * 300, "x" * 3000, "\n" * 300),
    )
)


class RealPage(NamedTuple):
    """A page as a server sent it."""

    kind: str
    body: bytes


@cache
def real_pages() -> tuple[RealPage, ...]:
    """Those of the demonstration, and some that were crawled."""
    ours = [RealPage(_KINDS[f.suffix], f.read_bytes()) for f in sorted(_DEMO.iterdir()) if f.suffix in _KINDS]
    crawled = [RealPage("text/html", gzip.decompress(f.read_bytes())) for f in sorted(_HTML.glob("*.gz"))]
    return tuple(RealPage(kind, body[:_MOST]) for kind, body in [*ours, *crawled])


class Edit(NamedTuple):
    """A cut at some place, and what is put there."""

    at: float
    """Share of the page before it."""
    cut: int
    put: bytes
    again: bool
    """Whether what was cut comes a second time instead of going."""

    def of(self, body: bytes) -> bytes:
        """The page after it."""
        begin = int(self.at * len(body))
        gone = body[begin : begin + self.cut]
        return body[:begin] + (gone * 2 if self.again else b"") + self.put + body[begin + self.cut :]


EDITS: Final = st.lists(
    st.builds(
        Edit, st.floats(0, 1), st.integers(0, 400), st.sampled_from(_PIECES) | st.binary(max_size=12), st.booleans()
    ),
    max_size=8,
)


@st.composite
def spoilt_pages(draw: st.DrawFn) -> RealPage:
    """A real page with some edits; now and then it is said to be of another kind."""
    kind, body = draw(st.sampled_from(real_pages()))
    for edit in draw(EDITS):
        body = edit.of(body)
    return RealPage(draw(st.sampled_from([kind, kind, kind, *_KINDS.values()])), body)


@st.composite
def warc_files(draw: st.DrawFn) -> bytes:
    """Records as crawlers write them, in members or not, then some edits of the file."""
    records = [info()] if draw(st.booleans()) else []
    for page in draw(st.lists(spoilt_pages(), max_size=3)):
        body, url = page.body[:3000], draw(st.sampled_from(["http://a.example/x", "https://b.example/", "not one", ""]))
        if draw(st.booleans()):
            records.append(response(body, content_type=page.kind, url=url))
        else:
            records.append(
                record(draw(st.sampled_from(["conversion", "resource", "request", "x"])), body, page.kind, url)
            )
    data = b"".join(records)
    if draw(st.booleans()):
        data = b"".join(gzip.compress(each, mtime=0) for each in records)
    for edit in draw(EDITS):
        data = edit._replace(cut=min(edit.cut, 40)).of(data)
    return data
