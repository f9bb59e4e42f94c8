"""What is said of a page, read and checked, without a server."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.errors import Refused
from shared.intake import PageItem, checked_defaults, submission_from_body, submission_from_json
from shared.models.raw_page import Submission
from shared.settings import Settings
from shared.urls import content_id, page_id

NOW = datetime(2024, 10, 28, 12, 0, tzinfo=UTC)


def read(item: Any = None, /, **fields: Any) -> Submission:
    whole = {"content": "a page", **fields} if item is None else item
    return submission_from_json(whole, Settings(), now=NOW).submission


def refused(item: Any = None, /, settings: Settings | None = None, **fields: Any) -> Refused:
    whole = {"content": "a page", **fields} if item is None else item
    with pytest.raises(Refused) as caught:
        submission_from_json(whole, settings or Settings(), now=NOW)
    return caught.value


def test_a_page_needs_nothing_but_content() -> None:
    page = submission_from_json({"content": "Zürich"}, Settings())
    assert page.body == "Zürich".encode()
    assert page.submission == Submission(id=content_id(page.body), charset="utf-8")


def test_every_field_is_kept() -> None:
    page = read(
        url="https://a.example/b?utm_source=x#c",
        content_type="text/markdown",
        fetched_at="2024-10-28T10:00:00+02:00",
        source="feed-1",
        title="A title",
        authors=["Ann", "Bob"],
        published="2024-10-27",
        language="de_AT",
        tags=["x", "y", "x", " "],
        metadata={"k": "v", "n": 1, "f": 0.5, "b": True, "z": None},
    )
    assert page.id == page_id("https://a.example/b")
    assert page.url == "https://a.example/b?utm_source=x#c"
    assert page.canonical_url == "https://a.example/b"
    assert page.content_type == "text/markdown"
    assert page.fetched_at == datetime(2024, 10, 28, 8, tzinfo=UTC)
    assert page.source == "feed-1"
    assert page.sent.model_dump() == {
        "title": "A title",
        "authors": ("Ann", "Bob"),
        "published": "2024-10-27",
        "language": "de-AT",
    }
    assert page.tags == ("x", "y")
    assert page.metadata == {"k": "v", "n": 1, "f": 0.5, "b": True, "z": None}


def test_null_is_absent() -> None:
    everything = dict.fromkeys(PageItem.model_fields)
    assert read({**everything, "content": "a page"}) == read()


def test_the_id_comes_from_the_url_else_from_the_content_never_from_the_source() -> None:
    assert read(url="http://A.example:80/").id == read(url="http://a.example", content="other", source="s").id
    assert read(source="one").id == read(source="two").id
    assert read().id != read(content="another page").id


def test_bytes_come_in_base64() -> None:
    body = bytes(range(256))
    page = submission_from_json(
        {"body": base64.b64encode(body).decode(), "content_type": "text/html; charset=ISO-8859-1"}, Settings()
    )
    assert page.body == body
    assert (page.submission.content_type, page.submission.charset) == ("text/html", "ISO-8859-1")


@pytest.mark.parametrize("body", ["%%%", "YQ", "YQ==YQ==", "Y Q=", "YQ-_", "é==="])
def test_base64_is_strict(body: str) -> None:
    assert refused({"body": body}).problem.pointer == "/body"


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({}, "/content"),
        ({"content": "a", "body": "YQ=="}, "/content"),
        ({"content": ""}, "/content"),
        ({"body": ""}, "/body"),
        ({"content": 5}, "/content"),
        ({"content": "a", "fetchedAt": "x"}, "/fetchedAt"),
        ({"content": "a", "a/b~c": 1}, "/a~1b~0c"),
        ({"content": "a", "tags": ["x", 5]}, "/tags/1"),
        ({"content": "a", "tags": "x"}, "/tags"),
        ({"content": "a", "authors": "Ann"}, "/authors"),
        ({"content": "a", "metadata": [1]}, "/metadata"),
        ([], ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_a_wrong_shape_is_pointed_at(item: Any, pointer: str) -> None:
    with pytest.raises(Refused) as caught:
        submission_from_json(item, Settings())
    assert (caught.value.code, caught.value.problem.pointer) == ("invalid", pointer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", ""),
        ("url", "ftp://a.example/"),
        ("url", "javascript:alert(1)"),
        ("url", "/a/b"),
        ("url", "http://"),
        ("url", "http://a.example/" + "a" * 5000),
        ("fetched_at", ""),
        ("fetched_at", "2024-10-28"),
        ("fetched_at", "2024-10-28T10:00:00"),
        ("fetched_at", "2024-13-28T10:00:00Z"),
        ("fetched_at", "0001-01-01T00:00:00+14:00"),
        ("fetched_at", "1730109600"),
        ("fetched_at", "1969-12-31T23:59:59Z"),
        ("published", "yesterday"),
        ("published", "2024-02-30"),
        ("published", "0001-01-01T00:00:00+14:00"),
        ("language", "english"),
        ("language", "e"),
        ("language", "en us"),
        ("content_type", "application/pdf"),
        ("content_type", "text"),
        ("source", "a\x00b"),
        ("source", "x" * 1001),
        ("title", "x" * 1001),
        ("metadata", {"k": {"deep": 1}}),
        ("metadata", {"k": [1]}),
        ("metadata", {"k": float("inf")}),
        ("metadata", {"k": 2**63}),
        ("metadata", {"k": "x" * 5000}),
        ("metadata", {f"k{n}": 1 for n in range(65)}),
        ("tags", [f"t{n}" for n in range(65)]),
        ("authors", [f"a{n}" for n in range(65)]),
        ("title", "\ud800"),
        ("source", "\ud800"),
        ("tags", ["\ud800"]),
        ("url", "http://a.example/\ud800"),
        ("metadata", {"k": "\ud800"}),
    ],
)
def test_a_wrong_value_is_pointed_at(field: str, value: Any) -> None:
    problem = refused(**{field: value}).problem
    assert problem.code == "invalid"
    assert (problem.pointer or "").split("/")[1] == field
    problem.model_dump_json().encode()


@pytest.mark.parametrize(
    ("field", "value", "setting"),
    [
        ("url", "http://a.example/" + "a" * 5000, "PAGEMILL_URL_MAX_CHARS"),
        ("tags", ["x"] * 65, "PAGEMILL_TAGS_MAX"),
        ("authors", ["x"] * 65, "PAGEMILL_AUTHORS_MAX"),
        ("title", "x" * 1001, "PAGEMILL_FIELD_MAX_CHARS"),
        ("metadata", {"k": "x" * 5000}, "PAGEMILL_METADATA_MAX_CHARS"),
        ("metadata", {f"k{n}": 1 for n in range(65)}, "PAGEMILL_METADATA_MAX_KEYS"),
        ("fetched_at", "2024-10-28T12:05:01Z", "PAGEMILL_CLOCK_SKEW_SECONDS"),
        ("content", "x" * 11_000_000, "PAGEMILL_PAGE_MAX_BYTES"),
    ],
)
def test_a_limit_is_named(field: str, value: Any, setting: str) -> None:
    assert refused(**{field: value}).problem.limit == setting


def test_a_page_over_the_limit_is_413() -> None:
    settings = Settings(page_max_bytes=5)
    assert submission_from_json({"content": "12345"}, settings).body == b"12345"
    assert refused({"content": "123456"}, settings).status == 413
    assert refused({"content": "12345é"}, settings).status == 413, "bytes count, not characters"


def test_five_minutes_ahead_of_the_clock_are_forgiven() -> None:
    assert read(fetched_at="2024-10-28T12:05:00Z").fetched_at == datetime(2024, 10, 28, 12, 5, tzinfo=UTC)
    assert refused(fetched_at="2024-10-28T12:05:01Z").code == "fetched-in-the-future"


def test_half_characters_in_the_content_do_not_cost_the_page() -> None:
    page = submission_from_json({"content": "a \ud800 b \ud83d\ude00"}, Settings())
    assert page.body.decode() == "a \ufffd b \U0001f600"


def test_blank_values_are_absent_and_white_space_is_brought_in_order() -> None:
    page = read(title=" A\n\ttitle\x1b ", source=" ", authors=["", "Ann\u00a0 Lee"], language="", published=" ")
    assert page == read(title="A title", authors=["Ann Lee"])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://a.example/\x00b", "https://a.example/%00b"),
        ("https://a.example/\u2028b\x85", "https://a.example/%E2%80%A8b%C2%85"),
        (" \x01https://a.example/lo\n\tng#part\r\n ", "https://a.example/long#part"),
    ],
)
def test_a_url_is_kept_as_one_of_its_own_page(sent: str, kept: str) -> None:
    page = read(url=sent)
    assert page.url == kept
    assert page.id == read(url=kept).id


def test_a_password_in_a_url_is_not_kept() -> None:
    page = read(url="https://user:secret@a.example/b")
    assert "secret" not in page.model_dump_json()
    assert page.id == read(url="https://a.example/b").id


def test_defaults_hold_where_an_item_says_nothing() -> None:
    defaults = checked_defaults(PageItem(source="feed", tags=("a",), content_type="text/plain"), Settings())
    item = {"content": "a page", "tags": ["b"], "source": None}
    page = submission_from_json(item, Settings(), defaults=defaults).submission
    assert (page.source, page.tags, page.content_type) == ("feed", ("b",), "text/plain")


def test_a_wrong_default_is_pointed_at_in_the_query() -> None:
    with pytest.raises(Refused) as caught:
        checked_defaults(PageItem(language="english"), Settings())
    assert caught.value.problem.pointer == "/query/language"


@pytest.mark.parametrize(
    ("header", "kind", "charset"),
    [
        ("", None, None),
        ("application/octet-stream", None, None),
        ("text/html", "text/html", None),
        ('Text/HTML; Charset="windows-1252"', "text/html", "windows-1252"),
        ("application/xhtml+xml; charset=utf-8", "text/html", "utf-8"),
        ("text/markdown", "text/markdown", None),
        ("text/plain;charset=koi8-r;format=flowed", "text/plain", "koi8-r"),
    ],
)
def test_a_raw_body_is_what_its_header_says(header: str, kind: str | None, charset: str | None) -> None:
    page = submission_from_body(b"a page", header, PageItem(), Settings()).submission
    assert (page.content_type, page.charset) == (kind, charset)


def test_a_raw_body_of_another_kind_is_415() -> None:
    with pytest.raises(Refused) as caught:
        submission_from_body(b"%PDF", "application/pdf", PageItem(), Settings())
    assert caught.value.status == 415


def test_an_empty_raw_body_is_no_page() -> None:
    with pytest.raises(Refused, match="empty"):
        submission_from_body(b"", "text/html", PageItem(), Settings())
