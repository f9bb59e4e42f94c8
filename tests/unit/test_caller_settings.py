"""Who may call is written as browsers and Host headers write it, or nobody could."""

import pytest
from pydantic import ValidationError

from shared.settings import Settings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://App.example/", "https://app.example"),
        ("https://app.example:443", "https://app.example"),
        ("http://app.example:443", "http://app.example:443"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_an_origin_is_meant_as_browsers_send_it(written: str, meant: str) -> None:
    assert Settings(cors_origins=(written,)).cors_origins == (meant,)


@pytest.mark.parametrize(
    "wrong",
    ["app.example", "*", "null", "https://", "https://app.example/path", "https://app.example?a", "ftp://app.example",
     "https://user@app.example", "https://app.example:x", "https://["],
)  # fmt: skip
def test_what_is_no_origin_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match=r"is no origin\. Write SCHEME://HOST"):
        Settings(cors_origins=("https://app.example", wrong))


@pytest.mark.parametrize("name", ["search.example", "Search.example.:8800", "[::1]:80", "10.0.0.7", "a_b.internal"])
def test_a_host_is_named_with_or_without_a_port(name: str) -> None:
    assert Settings(allowed_hosts=(name,)).allowed_hosts == (name,)


@pytest.mark.parametrize(
    "wrong", ["https://search.example", "search.example/", "*", "*.example", "a b", "::1", "bücher.example"]
)
def test_what_no_host_header_can_hold_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="is no name of a host"):
        Settings(allowed_hosts=(wrong,))
