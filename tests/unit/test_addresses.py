import pytest

from shared.addresses import host_of, is_any, is_loopback, parse_listen


def test_host_and_port_are_taken_apart() -> None:
    assert parse_listen("127.0.0.1:8800") == ("127.0.0.1", 8800)
    assert parse_listen("[::1]:0") == ("::1", 0)
    assert parse_listen("pages.example:65535") == ("pages.example", 65535)


@pytest.mark.parametrize("listen", ["", "8800", "localhost", ":80", "::1:80", "a:b", "a:65536", "a:-1", "a:٣"])
def test_what_is_no_host_and_port_is_refused(listen: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        parse_listen(listen)


def test_loopback_is_known_in_every_spelling() -> None:
    assert all(map(is_loopback, ("localhost", "x.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "notlocalhost", "")))


def test_every_address_at_once_is_known() -> None:
    assert is_any("0.0.0.0")
    assert is_any("::")
    assert not is_any("127.0.0.1")


def test_a_host_header_is_read_without_its_port() -> None:
    assert [host_of(h) for h in ("A.example:80", "[::1]:80", "[::1]", "a.example.")] == [
        "a.example",
        "::1",
        "::1",
        "a.example",
    ]
