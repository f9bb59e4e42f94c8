"""What is looked at before any parser: size, and whether the bytes are text at all."""

from shared.errors import PageRejected
from shared.models.rejections import Rejection
from workers.clean.decode import Decoded
from workers.clean.limits import CleanLimits

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90\x00", "Windows program"),
    (b"\xca\xfe\xba\xbe", "Java class"),
    (b"OggS\x00", "Ogg"),
    (b"ID3\x03", "MP3"),
    (b"ID3\x04", "MP3"),
    (b"fLaC", "FLAC"),
    (b"wOFF", "WOFF"),
    (b"wOF2", "WOFF2"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\x00asm", "WebAssembly"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office"),
    (b"SQLite format 3\x00", "SQLite"),
)
_NOISE_SHARE = 0.05
_NOISE_LEAST = 16


def check(body: bytes, limits: CleanLimits) -> None:
    """Refuses what no parser should see.

    Raises:
        PageRejected: `page-too-large`, `empty-page` or `binary-content`.
    """
    if len(body) > limits.page_max_bytes:
        raise rejected("page-too-large", f"{len(body)} bytes, the limit is {limits.page_max_bytes}")
    if not body or body.isspace():
        raise rejected("empty-page", f"{len(body)} bytes of white space")
    if kind := binary_kind(body):
        raise rejected("binary-content", kind)


def check_text(page: Decoded) -> None:
    """Refuses what turned out to be no text once it was decoded.

    Raises:
        PageRejected: `empty-page` or `binary-content`.
    """
    if page.noise >= _NOISE_LEAST and page.noise > _NOISE_SHARE * (len(page.text) + page.noise):
        raise rejected("binary-content", f"{page.noise} signs that no text has, beside {len(page.text)} others")
    if not page.text or page.text.isspace():
        raise rejected("empty-page", "nothing but control characters and white space")


def rejected(reason: Rejection, detail: str) -> PageRejected:
    """The error, with a reason of the table."""
    return PageRejected(reason, detail)


def binary_kind(body: bytes) -> str | None:
    """What a body is by the signs that it begins with, where that is no text; None where nothing tells."""
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return kind
    if body[4:8] == b"ftyp":
        return "MP4 or HEIF"
    if body[:4] == b"RIFF" and body[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        return "RIFF"
    return None
