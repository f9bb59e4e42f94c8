"""Cuts a query into its signs and words. Places are those of the text as it was typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from shared.query_language.characters import MINUS, PLUS, QUOTES, SPACE, begins_quote, is_space, narrow
from shared.query_language.complaints import Complaints, Mistake
from shared.query_language.values import RANGE
from shared.search.fields import BY_NAME, QUERY_FIELDS

Kind = Literal["word", "phrase", "value", "field", "open", "close", "AND", "OR", "NOT", "minus", "plus"]

_SPACES: Final = re.compile(f"[{SPACE}]+")
_URL: Final = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]{{0,15}}://[^{SPACE}{QUOTES}]+")
_RUN: Final = re.compile(rf"(?:\\[^{SPACE}]|[^{SPACE}{QUOTES}()])+")
_FIELD: Final = re.compile(r"([A-Za-z]+):")
_QUOTED: Final = re.compile(rf"[{QUOTES}]((?:\\.|[^{QUOTES}])*)[{QUOTES}]", re.DOTALL)
_BOOST: Final = r"(?:\^(?P<boost>\d+(?:\.\d+)?))?"
_BOOSTED: Final = re.compile(_BOOST)
_PHRASE_END: Final = re.compile(rf"(?:~(?P<slop>\d*))?{_BOOST}")
_WORD: Final = re.compile(
    rf"(?P<text>(?:\\.|[^\\]|\\$)+?)(?:(?P<star>(?<!\*)\*)|(?<!/)~(?P<slop>\d*))?{_BOOST}", re.DOTALL
)
"""A word with its suffixes. A sign behind a backslash is part of the word."""
_VALUE: Final = re.compile(rf"[^{SPACE}{QUOTES}()^]+")
_DIGITS: Final = 6
"""Of a number behind `~`: more only say that it is too large."""
_OPERATORS: Final[dict[str, Kind]] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}
NO_OPERAND: Final = frozenset(f"{MINUS}{PLUS}>*~^):=")
"""Signs behind a minus or plus that make it an arrow, a smiley or the like."""
_UNCLOSED: Final = Mistake(
    "unclosed-quote",
    "This quote is not closed; another quote was expected behind it.",
    "What follows it was read as words.",
)


@dataclass(frozen=True, slots=True)
class Token:
    """One sign or word.

    Args:
        kind: what it is.
        text: a word without its suffixes, what stands within quotes, the name of a field, or a value of one.
        start: where it begins.
        end: where it ends, suffixes included.
        star: whether a word ends with an asterisk.
        slop: the number behind `~`; -1 where there is none, None where there is no `~` either.
        boost: the number behind `^`.
    """

    kind: Kind
    text: str
    start: int
    end: int
    star: bool = False
    slop: int | None = None
    boost: float | None = None

    @property
    def position(self) -> tuple[int, int]:
        """Its place."""
        return self.start, self.end


class Lexer:
    """Reads one query.

    Args:
        typed: the text.
        complaints: of mistakes.
    """

    def __init__(self, typed: str, complaints: Complaints) -> None:
        self._text = narrow(typed)
        self._complaints = complaints
        self._last_quote = max(map(self._text.rfind, QUOTES))

    def tokens(self) -> Iterator[Token]:
        """The tokens in order; nothing that was typed is left out but space and the quotes themselves."""
        at, field = 0, ""
        while at < len(self._text):
            if found := _SPACES.match(self._text, at):
                at, field = found.end(), ""
                continue
            token = self._next(at, field)
            at, field = (token.end, token.text if token.kind == "field" else "") if token else (at + 1, "")
            if token:
                yield token

    def _next(self, at: int, field: str) -> Token | None:
        """The token at a place; `field` stands right before it. None for a quote that means nothing."""
        text, char = self._text, self._text[at]
        if char in QUOTES and begins_quote(text, at):
            return self._phrase(at)
        if char == "(":
            return Token("open", char, at, at + 1)
        if char == ")":
            return self._boosted("close", char, at, at + 1)
        if field and BY_NAME[field].kind in ("date", "number"):
            return self._value(at)
        if not field and self._is_sign(at):
            return Token("plus" if char in PLUS else "minus", char, at, at + 1)
        return self._word(at, field)

    def _phrase(self, at: int) -> Token | None:
        found = _QUOTED.match(self._text, at) if at < self._last_quote else None
        if not found:
            self._complaints.syntax(_UNCLOSED, (at, len(self._text)))
            return None
        end = _PHRASE_END.match(self._text, found.end())
        assert end
        return Token("phrase", found[1], at, end.end(), slop=_slop(end["slop"]), boost=_number(end["boost"]))

    def _boosted(self, kind: Kind, text: str, at: int, end: int) -> Token:
        found = _BOOSTED.match(self._text, end)
        assert found
        return Token(kind, text, at, found.end(), boost=_number(found["boost"]))

    def _is_sign(self, at: int) -> bool:
        """Whether a minus or plus stands before what it is about, and behind nothing."""
        text = self._text
        if text[at] not in MINUS and text[at] not in PLUS:
            return False
        before, behind = text[max(0, at - 1) : at], text[at + 1 : at + 2]
        return (is_space(before) or before == "(") and not is_space(behind) and behind not in NO_OPERAND

    def _value(self, at: int) -> Token:
        """What a field of dates or numbers is asked for."""
        found = RANGE.match(self._text, at) or _VALUE.match(self._text, at)
        return self._boosted("value", found[0], at, found.end()) if found else self._word(at, "")

    def _word(self, at: int, field: str) -> Token:
        text = self._text
        if url := _URL.match(text, at):
            end = _balanced(text, at, url.end())
            return Token("word", text[at:end], at, end)
        named = None if field else _FIELD.match(text, at)
        if named and named[1].lower() in QUERY_FIELDS:
            return Token("field", named[1].lower(), at, named.end())
        run = text[at : self._run_end(at)]
        if run in _OPERATORS and not field:
            return Token(_OPERATORS[run], run, at, at + len(run))
        found = _WORD.fullmatch(run)
        assert found
        star, slop, boost = bool(found["star"]), _slop(found["slop"]), _number(found["boost"])
        return Token("word", found["text"], at, at + len(run), star, slop, boost)

    def _run_end(self, at: int) -> int:
        """Where a word ends: at a space, a parenthesis, or a quote that opens a phrase."""
        text, end = self._text, at
        while True:
            found = _RUN.match(text, end)
            end = found.end() if found else end
            inside = end < len(text) and text[end] in QUOTES and not begins_quote(text, end)
            if not inside:
                return max(end, at + 1)
            end += 1


def _slop(written: str | None) -> int | None:
    if written is None:
        return None
    return int(written.lstrip("0")[:_DIGITS] or 0) if written else -1


def _number(written: str | None) -> float | None:
    return float(written) if written else None


def _balanced(text: str, start: int, end: int) -> int:
    """Where a URL ends: before a parenthesis that closes what was opened before it."""
    opened = 0
    for place in range(start, end):
        opened += (text[place] == "(") - (text[place] == ")")
        if opened < 0:
            return place
    return end


def is_url(text: str) -> bool:
    """Whether a text is read as one URL, signs and all."""
    return _URL.fullmatch(text) is not None and _balanced(text, 0, len(text)) == len(text)
