"""Given addresses that pages bring along, then those that a browser may follow are links, and others are text."""

import pytest

from services.query.page.outward import linked, picture_origin

HARMLESS = [
    "https://example.org/",
    "http://example.org:8080/a?b=c#d",
    "HTTPS://Example.ORG/x",
    "https://[2001:db8::1]/",
]
HARMFUL = [
    None,
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//example.org/x",
    "/local",
    "https://",
    "https:///path",
    "https://example.org/\nx",
    "https://exa mple.org/",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/<script>",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://[::1/",
]


@pytest.mark.parametrize("url", HARMLESS)
def test_addresses_of_the_web_are_links(url: str) -> None:
    assert linked(url) == url


@pytest.mark.parametrize("url", HARMFUL)
def test_anything_else_is_none(url: str | None) -> None:
    assert linked(url) is None
    assert picture_origin(url) is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://img.example/a.png", "https://img.example"),
        ("HTTP://IMG.example:8080/a.png", "http://img.example:8080"),
        ("https://bücher.example/a.png", "https://xn--bcher-kva.example"),
        ("https://user:word@img.example/a.png", "https://img.example"),
    ],
)
def test_pictures_come_from_public_names(url: str, origin: str) -> None:
    assert picture_origin(url) == origin


@pytest.mark.parametrize(
    "host",
    ["localhost", "router", "10.0.0.1", "192.168.1.1", "0x7f.1", "2130706433", "[::1]", "nas.local", "a.internal",
     "127.0.0.1", "img.example;script-src", "img.example,x", "*.example", "img.example'"],
)  # fmt: skip
def test_and_from_no_place_that_may_be_the_reader_s_own_or_could_widen_the_policy(host: str) -> None:
    assert picture_origin(f"http://{host}/a.png") is None
