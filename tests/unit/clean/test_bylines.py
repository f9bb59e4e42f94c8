"""Bylines in many languages, and what stands in them beside the names."""

import json
from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from workers.clean.metadata import Metadata, read_metadata

PROSE = "<p>" + "The council of the port decided to close the old bridge, because its cables have rusted. " * 6 + "</p>"


def read(by: str, head: str = "", url: str = "https://www.porttimes.example/news/bridge") -> Metadata:
    head += '<meta property="og:type" content="article">'
    page = (
        f"<html><head><title>Old bridge to close</title>{head}</head>"
        f"<body><h1>Old bridge to close</h1>{by}{PROSE}{PROSE}</body></html>"
    )
    return read_metadata(document_fromstring(page), url, datetime(2026, 6, 1, tzinfo=UTC), search_body=True)


@pytest.mark.parametrize(
    "name",
    ["王小明", "山田太郎", "김철수", "ليلى حداد", "דוד כהן", "राम शर्मा", "สมชาย ใจดี", "Ευγενία Παππά", "Nguyễn Văn An"],
)
@pytest.mark.parametrize(
    "marked",
    [
        "<p class=author>{}</p>",
        "<a rel=author href=/x>{}</a>",
        "<span itemprop=author>{}</span>",
        f"{PROSE}{PROSE}<p class=author>{{}}</p>",
    ],
)
def test_a_marked_name_is_found_in_scripts_without_capitals_or_spaces(marked: str, name: str) -> None:
    assert read(marked.format(name)).authors == (name,)


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("作者\uff1a王小明", "王小明"),
        ("记者 王小明", "王小明"),
        ("2021-08-05 10:22 来源\uff1a晨报 作者\uff1a王小明 责任编辑\uff1a李红", "王小明"),
        ("文\uff0f王小明", "王小明"),
        ("文\uff1d山田太郎 写真\uff1d鈴木花子", "山田太郎"),
        ("김철수 기자", "김철수"),
        ("김철수 선임기자 kim@paper.example", "김철수"),
        ("بقلم: ليلى حداد", "ليلى حداد"),
        ("מאת: דוד כהן", "דוד כהן"),
        ("लेखक: राम शर्मा", "राम शर्मा"),
        ("โดย สมชาย ใจดี", "สมชาย ใจดี"),
        ("Text: Anna Müller, Fotos: Bo Strand", "Anna Müller"),
        ("Fotos: Bo Strand", None),
        ("Autor: Jan Kowalski", "Jan Kowalski"),
        ("Av Kari Nordmann", "Kari Nordmann"),
        ("Av alle broer er denne eldst", None),
        ("Tác giả: Nguyễn Văn An", "Nguyễn Văn An"),
        ("BY ANN LEE, SPECIAL TO THE TIMES", "ANN LEE"),
        ("by Ann Lee » Tue", "Ann Lee"),
        ("By Ann Lee; Photographs by Bo Strand", "Ann Lee"),
    ],
)
def test_a_byline_is_read_as_each_language_writes_it(byline: str, name: str | None) -> None:
    assert read(f"<p class=byline>{byline}</p>").authors == ((name,) if name else ())


@pytest.mark.parametrize("word", ["分享", "编辑", "記者", "댓글", "المزيد"])
def test_a_word_of_the_site_in_a_marked_place_is_nobodys_name(word: str) -> None:
    assert read(f"<p class=author>{word}</p>").authors == ()


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("María de la Cruz y Ortega", ("María de la Cruz y Ortega",)),
        ("Ana García y Luis Pérez", ("Ana García", "Luis Pérez")),
        ('<a href="/x">Ann Lee</a>', ("Ann Lee",)),
    ],
)
def test_a_field_holds_names_and_no_markup(said: str, names: tuple[str, ...]) -> None:
    story = json.dumps({"@type": "NewsArticle", "headline": "Old bridge to close", "author": said})
    assert read("", f'<script type="application/ld+json">{story}</script>').authors == names
    escaped = said.replace('"', "&quot;").replace("<", "&lt;")
    assert read("", f'<meta name="author" content="{escaped}">').authors == names


def test_the_first_posting_of_a_board_that_writes_by_and_a_day_gives_both() -> None:
    posts = "".join(
        f"<div class=post><h3><a href=#p{n}>Old bridge</a></h3>"
        f"<p class=author>by <strong><a href=u{n}>{login}</a></strong> » Tue Mar 1{n}, 2019 9:14 am</p>{PROSE}</div>"
        for n, login in enumerate(("breadlover", "OldMiller"), 1)
    )
    found = read(posts, url="https://forum.example/viewtopic.php?t=31")
    assert (found.authors, found.published) == (("breadlover",), "2019-03-11")
