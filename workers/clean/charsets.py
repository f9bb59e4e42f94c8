"""Names of character sets as pages use them, and whether the bytes can be in one."""

import codecs
import re
from typing import Final

_AS_BROWSERS_READ: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "utf-16": "utf-16-le",
    "utf-8-sig": "utf-8",
}
"""The WHATWG encoding standard reads these labels as a superset of what they say."""

_LATIN: Final = frozenset(
    ["cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "mac-roman", "cp437", "cp850"]
    + [f"iso8859-{part}" for part in (2, 3, 4, 10, 13, 14, 15, 16)]
)
_OTHER_SCRIPTS: Final = frozenset(
    ["cp1251", "cp1253", "cp1255", "cp1256", "cp866", "cp874", "koi8-r", "koi8-u", "mac-cyrillic"]
    + [f"iso8859-{part}" for part in (5, 6, 7, 8)]
    + ["gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab", "hz", "iso2022_jp", "iso2022_kr"]
)
_KNOWN: Final = _LATIN | _OTHER_SCRIPTS | {"utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}

_META = re.compile(rb"<meta[^<>]{0,512}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\A\s{0,64}<\?xml[^<>]{0,128}?encoding\s{0,8}=\s{0,8}[\"']([\w:-]{2,40})", re.IGNORECASE)
_META_WITHIN = 8192

_RUNS = re.compile(rb"[\x80-\xff]{4,}")
_ALONE = re.compile(rb"[A-Za-z][\x80-\xff](?=[A-Za-z \t\r\n.,;:<])")
_HIGH = bytes(range(0x80, 0x100))
_CASE_TURNS = re.compile(r"[^\W\d_a-zA-Z]{2}")
_SIGN_IN_WORD = re.compile(r"[^\W\d_][\xa1-\xa9\xab\xac\xae-\xb6\xb8\xb9\xbb-\xbf\xd7\xf7](?=[^\W\d_])")


def codec_of(label: str | None) -> str | None:
    """The codec behind a charset label, as browsers understand it; None for one that no page is written in."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip(" \t\r\n\"';").lower().removeprefix("x-")).name
    except (LookupError, ValueError):
        return None
    name = _AS_BROWSERS_READ.get(name, name)
    return name if name in _KNOWN else None


def meta_codec(body: bytes) -> str | None:
    """The codec that the page itself names in its first 8 KiB, in a meta tag or an XML declaration."""
    head = body[:_META_WITHIN]
    found = _XML.search(head) or _META.search(head)
    return codec_of(found[1].decode("ascii", "replace")) if found else None


def high_bytes(body: bytes) -> int:
    """How many bytes are outside ASCII."""
    return len(body) - len(body.translate(None, _HIGH))


def contradicts(body: bytes, codec: str) -> bool:
    """Whether the bytes are plainly not in that character set.

    In a language written in Latin letters, bytes outside ASCII stand alone between ASCII letters; in Cyrillic, Greek,
    Arabic or Chinese whole words are of them. So runs tell the two families apart without knowing the language.
    """
    high = high_bytes(body)
    if high < 4:
        return False
    if codec in _LATIN:
        return sum(map(len, _RUNS.findall(body))) > high / 2
    if codec in _OTHER_SCRIPTS:
        return len(_ALONE.findall(body)) > high / 2
    return False


def garbled(sample: str) -> bool:
    """Whether decoded text is plainly read in the wrong set: signs inside words, or capitals where no one writes them.

    Args:
        sample: some thousand characters.
    """
    foreign = sum(1 for sign in sample if sign > "\x7f")
    if foreign < 4:
        return False
    pairs = _CASE_TURNS.findall(sample)
    turns = sum(1 for one, two in pairs if one.islower() and two.isupper())
    shouted = sum(1 for one, two in pairs if one.isupper() and two.isupper())
    return (
        len(_SIGN_IN_WORD.findall(sample)) > 0.1 * foreign
        or turns > 0.15 * len(pairs)
        or (len(pairs) > 30 and shouted > 0.6 * len(pairs))
    )
