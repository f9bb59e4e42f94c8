"""WARC records as crawlers write them (ISO 28500)."""

import gzip
from typing import Final

URL: Final = "http://a.example/page"
_DATE: Final = "2024-01-02T03:04:05Z"


def warc(*records: bytes, gzipped: bool = False) -> bytes:
    """A file of records, each a gzip member of its own or not."""
    return b"".join(map(gzip.compress, records) if gzipped else records)


def record(kind: str, block: bytes, content_type: str, url: str = URL) -> bytes:
    """One record."""
    headers = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {_DATE}",
        "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(
    body: bytes = b"<p>hello",
    status: str = "200 OK",
    content_type: str | None = "text/html; charset=utf-8",
    url: str = URL,
    **headers: str,
) -> bytes:
    """What a server answered; `headers` with underscores for hyphens."""
    typed = {"Content-Type": content_type} if content_type is not None else {}
    fields = {**typed, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    block = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return record("response", block, "application/http; msgtype=response", url)


def info() -> bytes:
    """What a file begins with."""
    return record("warcinfo", b"software: test\r\n", "application/warc-fields", "")
