"""HTML made safe for parsers, in one linear pass, where a page calls for it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from workers.clean.limits import CleanLimits
from workers.clean.tags import INLINE, VOID

_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes"
_TOKEN = re.compile(
    rf"""<(?:
        !--.*?(?:-->|\Z)
      | (?P<raw>{_RAW})(?=[\s/>])(?:{_ATTRIBUTE})*+[\s/]*+>?.*?(?:</(?P=raw)(?=[\s/>])|\Z)
      | (?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?:{_ATTRIBUTE})*+[\s/]*+>?
    )""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
"""One comment, one element of raw text, or one tag, cut as HTML's tokenizer cuts them."""
_ONE_ATTRIBUTE = re.compile(_ATTRIBUTE)
_LONG: Final = 800
_LONG_TAG = re.compile(rf"<[a-zA-Z](?=[^>]{{{_LONG}}})[^\s/>]*+(?P<attributes>(?:{_ATTRIBUTE})*+)", re.DOTALL)
"""A start tag long enough to have too many attributes."""
_LONG_STRETCH = re.compile(rf">[^>]{{{_LONG},}}+")
_STARTS = re.compile(r"<[a-zA-Z]")
_CLOSED_ROOT = re.compile(r"(<html\b[^<>]{0,2000}?)/>", re.IGNORECASE)


def tame(text: str, limits: CleanLimits) -> str:
    """The page without attributes that are too long or too many, and without a root closed at once."""
    if "/>" in text[:4096]:
        text = _CLOSED_ROOT.sub(r"\1>", text[:4096], count=1) + text[4096:]
    return "".join(_shortened(text, limits))


def flatten(text: str, max_depth: int) -> str:
    """The page without the tags below a depth; their text stays, with a line break where a block began.

    Args:
        text: HTML.
        max_depth: levels of elements that are kept.
    """
    return _TOKEN.sub(_Flattener(max_depth), text)


def _shortened(text: str, limits: CleanLimits) -> Iterator[str]:
    """The page in parts, without all attributes of tags that have too many, and without those that are too long.

    A long tag begins in a long stretch without a `>`; only there are tags looked at, as most of a page is none.
    """
    done = 0
    first = text.find(">") if ">" in text else len(text)
    for start, end in [(0, first), *(stretch.span() for stretch in _LONG_STRETCH.finditer(text))]:
        for opening in _STARTS.finditer(text, max(start, done), max(0, end - _LONG + 1)):
            tag = _LONG_TAG.match(text, opening.start()) if opening.start() >= done else None
            if tag:
                yield text[done : tag.start()]
                yield _short(tag, limits)
                done = tag.end()
    yield text[done:]


def _short(tag: re.Match[str], limits: CleanLimits) -> str:
    bare, kept = tag[0].removesuffix(tag["attributes"]), []
    for count, attribute in enumerate(_ONE_ATTRIBUTE.finditer(tag["attributes"])):
        if count >= limits.max_attributes:
            return bare
        if len(attribute[0]) <= limits.max_attribute_chars:
            kept.append(attribute[0])
    return bare + "".join(kept)


class _Flattener:
    """Counts the open elements of each name; a tag left out takes the next end tag of its name with it.

    Counting errs to the safe side: what HTML closes by itself counts as open, paragraphs aside, of which only one
    can be open.
    """

    def __init__(self, max_depth: int) -> None:
        self._max_depth = max_depth
        self._depth = 0
        self._lost_to = -1
        self._kept: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()

    def __call__(self, token: re.Match[str]) -> str:
        name = (token["name"] or "").lower()
        if not name or name in VOID:
            return token[0]
        keeps = self._close(name) if token["close"] else self._open(name)
        if keeps:
            return token[0]
        follows, self._lost_to = token.start() == self._lost_to, token.end()
        return "" if follows else " " if name in INLINE else "<br>"

    def _open(self, name: str) -> bool:
        if name == "p" and self._kept[name]:
            return True
        if self._depth >= self._max_depth:
            self._lost[name] += 1
            return False
        self._kept[name] += 1
        self._depth += 1
        return True

    def _close(self, name: str) -> bool:
        if self._lost[name]:
            self._lost[name] -= 1
            return False
        if self._kept[name]:
            self._kept[name] -= 1
            self._depth -= 1
            return True
        return False
