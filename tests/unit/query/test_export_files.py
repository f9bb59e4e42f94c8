"""Given documents, then files say of them what they are, and a cell never works anything out."""

import csv
import io
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from arro3.core import DataType
from arro3.io import read_parquet
from hypothesis import given
from hypothesis import strategies as st

from services.query.exports.columns import COLUMNS
from services.query.exports.csv_rows import CsvCoder
from services.query.exports.formats import FORMATS
from services.query.exports.parquet import ParquetCoder
from shared.models.clean_page import Image
from shared.models.document import Document, Names

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
FULL = Document(
    id="-p",
    version=7,
    url="https://example.org/p",
    title='He said "no", twice',
    text="One.\n\nTwo.",
    authors=("Jane Doe", "R. Roe"),
    published="2024-05-31",
    fetched_at=NOON + timedelta(microseconds=5),
    language="en",
    names=Names(people=("Jane Austen",), places=()),
    images=(Image(url="https://example.org/i.png"),),
    word_count=2,
    reading_minutes=1,
    story="-s",
    metadata={"a": 1, "b": "ü"},
)


def document(**fields: Any) -> Document:
    return FULL.model_copy(update=fields)


def written(name: Any, *pages: list[Document]) -> bytes:
    coder = FORMATS[name].coder()
    parts = [coder.page(page, first=number == 0, last=number == len(pages) - 1) for number, page in enumerate(pages)]
    coder.close()
    return b"".join(parts)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_a_row_has_all_that_a_document_has_and_nothing_twice() -> None:
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert set(names) == (set(Document.model_fields) - {"names"}) | {"people", "places", "organisations"}


def test_a_row_of_csv() -> None:
    (row,) = rows(written("csv", [FULL]))
    assert (row["id"], row["version"], row["title"], row["text"]) == ("-p", "7", 'He said "no", twice', "One.\n\nTwo.")
    assert (row["authors"], row["people"], row["places"]) == ("Jane Doe; R. Roe", "Jane Austen", "")
    assert (row["published"], row["fetched_at"], row["indexed_at"]) == ("2024-05-31", "2024-06-01T12:00:00.000005Z", "")
    assert (row["metadata"], row["clipped"]) == ('{"a":1,"b":"ü"}', "")
    assert row["images"].startswith('[{"url":"https://example.org/i.png"')


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_cell_is_no_formula(begin: str) -> None:
    (row,) = rows(written("csv", [document(title=f"{begin}1+cmd|' /C calc'!A0", authors=(f"{begin}x",))]))
    assert row["title"][0] == row["authors"][0] == "'"
    assert (row["id"], row["story"]) == ("-p", "-s"), "what has no sign to work with is what it is"


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_text_breaks_a_row(title: str, text: str) -> None:
    made = rows(written("csv", [document(title=title, text=text), FULL]))
    assert [row["id"] for row in made] == ["-p", "-p"]
    assert all(None not in row and None not in row.values() for row in made)
    assert not made[0]["title"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_columns_of_parquet_are_typed() -> None:
    content = written("parquet", [FULL, document(id="q", published=None, authors=(), indexed_at=NOON)])
    read = read_parquet(io.BytesIO(content)).read_all()
    types = [read.schema.field(name).type for name in ("id", "version", "authors", "fetched_at")]
    assert types[:2] == [DataType.utf8(), DataType.int64()]
    assert types[2].value_type == DataType.utf8()
    assert (types[3].time_unit, types[3].tz) == ("us", "UTC")
    told = {name: read.column(name).to_pylist() for name in read.column_names}
    assert told["id"] == ["-p", "q"]
    assert told["authors"] == [["Jane Doe", "R. Roe"], []]
    assert told["fetched_at"] == [FULL.fetched_at, FULL.fetched_at]
    assert told["indexed_at"] == [None, NOON]
    assert told["published"] == ["2024-05-31", None]
    assert told["version"] == [7, 7]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_pages_are_the_same_bytes(name: str) -> None:
    pages = [[document(id=f"p{page}-{number}") for number in range(50)] for page in range(4)]
    assert written(name, *pages) == written(name, *pages)


def test_a_long_result_is_written_in_groups_as_it_comes() -> None:
    coder = ParquetCoder()
    long = [document(id=f"p{number}", text=f"{number} " * 100_000) for number in range(40)]
    sizes = [len(coder.page(long, first=number == 0, last=number == 4)) for number in range(5)]
    assert sum(1 for size in sizes if size > 1000) > 1


@pytest.mark.parametrize("pages", [0, 1, 3])
def test_a_file_that_nobody_wants_any_more_leaves_no_thread(pages: int) -> None:
    before = threading.active_count()
    coder = ParquetCoder()
    for number in range(pages):
        coder.page([FULL], first=number == 0, last=False)
    coder.close()
    assert threading.active_count() == before


def test_the_columns_of_csv_are_those_that_are_told_of() -> None:
    header = CsvCoder().page([], first=True, last=True).decode().strip()
    assert header == ",".join(column.name for column in COLUMNS)
