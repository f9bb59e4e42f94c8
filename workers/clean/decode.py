"""Bytes to text: the character set, and the characters that no text has."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes
from resiliparse.parse.encoding import detect_encoding

from workers.clean.charsets import codec_of, contradicts, garbled, high_bytes, meta_codec

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]+")
_CONTROLS = bytes((*range(9), *range(0x0E, 0x20), 0x7F))
_LATE_CONTROLS = re.compile(b"\xc2[\x80-\x9f]")
"""In UTF-8, where most of the unseen signs are found in half the time that a class of signs takes."""
_LINE_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_RARE = "\ufeff\ufffd\ufffe\uffff"
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_WIDE_SAMPLE = 4096
_WIDE_LEAST = 16
_DAMAGE = 0.05
"""Share of the bytes outside ASCII that may be broken in a page that is still read as what it says it is."""
_DAMAGED = 3
"""Broken places that are forgiven a page that says it is UTF-8, however few of its bytes are outside ASCII."""
_SAMPLE = 12_000
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_PLAIN = re.compile(rb"[\t\n\r -~]{32}")
_PLAIN_BEGINNING: Final = 32
_CONTROL_BYTES = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, its lines ended by newlines only."""

    text: str
    noise: int
    """Control characters and undecodable bytes that were met, NULs and lone surrogates aside."""


def decode(body: bytes, declared: str | None = None) -> Decoded:
    """Reads a page's bytes as text; whatever they are, something comes back.

    A byte order mark wins, then valid UTF-8 whatever the header says (other text is never valid UTF-8 by chance),
    then the declared set, the one in the meta tag, and detection; each only if the bytes do not contradict it.

    Args:
        body: the page.
        declared: the charset of the Content-Type header.
    """
    return _cleared(_decoded(body, codec_of(declared)))


def visible(text: str) -> str:
    """The text without control characters, non-characters and lone surrogates; newlines and tabs stay."""
    return _INVISIBLE.sub("", text)


def _cleared(text: str) -> Decoded:
    for line_break in _LINE_BREAKS:
        if line_break in text:
            text = text.replace(line_break, "\n")
    if not _has_controls(text) and not any(sign in text for sign in _RARE):
        return Decoded(text, 0)
    clear = _INVISIBLE.sub("", text)
    signs = [sign for found in _INVISIBLE.findall(text[:100_000]) for sign in found]
    noise = sum(1 for sign in signs if sign not in "\x00\x1b\ufeff" and not "\ud800" <= sign <= "\udfff")
    return Decoded(clear, noise + clear.count("\ufffd"))


def _has_controls(text: str) -> bool:
    """Whether there are any but tabs, line feeds and the like."""
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw.translate(None, _CONTROLS)) != len(raw) or _LATE_CONTROLS.search(raw) is not None


def _decoded(body: bytes, declared: str | None) -> str:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    text = _utf8(body)
    named = declared == "utf-8" and text is not None  # as all that came in JSON is, however many NULs are in it
    if not named and (wide := _wide(body)):
        return body.decode(wide, "replace")
    if b"\x1b" in body and any(escape in body for escape in _ISO_2022_JP):
        return body.decode("iso2022_jp", "replace")
    return _legacy(body, declared) if text is None else text


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _legacy(body: bytes, declared: str | None) -> str:
    """Reads what is not valid UTF-8."""
    high = high_bytes(body)
    sample = _sample(body)
    said = meta_codec(body)
    for codec in dict.fromkeys(filter(None, (declared, said, "utf-8"))):
        text = body.decode(codec, "surrogatepass" if _is_surrogate_utf8(body, codec) else "replace")
        broken = text.count("\ufffd")
        forgiven = codec == "utf-8" and codec in {declared, said} and broken <= _DAMAGED and broken < _not_ascii(text)
        if forgiven or (broken <= _DAMAGE * high and _fits(sample, codec)):
            return visible(text)
    return body.decode(_detected(sample) or declared or "cp1252", "replace")


def _not_ascii(text: str) -> int:
    """Characters that took more than a byte and were whole; no other set has such bytes by chance."""
    return sum(1 for sign in text if sign > "\x7f" and sign != "\ufffd")


def _fits(sample: bytes, codec: str) -> bool:
    return not contradicts(sample, codec) and not garbled(sample.decode(codec, "ignore"))


def _is_surrogate_utf8(body: bytes, codec: str) -> bool:
    """Whether the bytes are UTF-8 but for encoded surrogates, which some writers let through."""
    if codec != "utf-8":
        return False
    try:
        body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, told by where the NULs of its ASCII characters stand."""
    sample = body[:_WIDE_SAMPLE]
    nuls = sample.count(0)
    if nuls * 20 < len(sample) or (nuls < _WIDE_LEAST and nuls * 4 < len(sample)):
        return None
    if _PLAIN.fullmatch(sample[:_PLAIN_BEGINNING]):
        return None  # UTF-16 would have NULs there already
    if nuls * 5 < len(sample) * 2 and _is_utf8(sample) and len(_CONTROL_BYTES.findall(sample)) * 50 < len(sample):
        return None  # UTF-16 has a NUL beside each ASCII letter, and beside others what is no UTF-8, or a control
    first, second, third, fourth = (sample[place::4].count(0) for place in range(4))
    nearly_all = len(sample) // 4 * 0.9
    if min(first, second) > nearly_all or min(third, fourth) > nearly_all:
        return "utf-32-be" if first + second > third + fourth else "utf-32-le"
    even, odd = first + third, second + fourth
    if min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_utf8(sample: bytes) -> bool:
    """Whether it is UTF-8, but for a character that was cut at its end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _sample(body: bytes) -> bytes:
    """Some of the page from its first bytes outside ASCII on, without tags."""
    first = _NOT_ASCII.search(body)
    start = max(0, first.start() - 200) if first else 0
    return _TAG.sub(b" ", body[start : start + 4 * _SAMPLE])[:_SAMPLE]


def _detected(sample: bytes) -> str | None:
    """The likeliest legacy codec, asked of two detectors, as each is blind to sets that the other knows."""
    guesses = [detect_encoding(sample), *(match.encoding for match in from_bytes(sample, steps=5, chunk_size=512))]
    for codec in filter(None, map(codec_of, guesses)):
        if codec != "utf-8" and _fits(sample, codec):
            return codec
    return None
