"""Text to syntax tree."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.errors import Refused
from shared.models.search import Mode, SearchWarning
from shared.query_language.atoms import Atoms
from shared.query_language.complaints import Complaints, Mistake
from shared.query_language.limits import DEFAULT, SETTINGS, Limits
from shared.query_language.tokens import Lexer, Token
from shared.query_language.tree import AllOf, And, Boost, Dates, Exists, In, Node, Not, Numbers, Or, Required, levels
from shared.search.fields import BY_NAME

_STARTS: Final = frozenset({"word", "phrase", "value", "field", "open", "minus", "plus", "NOT"})
_LEAVES: Final = frozenset({"word", "phrase", "value"})
_RANGED: Final = frozenset({"date", "number"})
_PER_PARENTHESIS: Final = 4
"""Levels that one pair of parentheses can add: words side by side, OR, AND and NOT."""
_PER_CLAUSE: Final = 2
"""Words that clauses may have on average."""
_WORDS: Final = re.compile(r"\w+")
_NOTHING: Final = Mistake(
    "stray-operator", "Something less than everything was expected behind NOT.", "It was left out."
)
_STRAY: Final = Mistake("stray-parenthesis", "A ( was expected before this parenthesis.", "It was left out.")
_UNCLOSED: Final = Mistake(
    "unclosed-parenthesis", "This parenthesis is not closed; a ) was expected.", "It was closed at the end."
)
_EMPTY: Final = Mistake("empty-parentheses", "A word was expected between the parentheses.", "They were left out.")


@dataclass(frozen=True)
class Parsed:
    """A query as it was understood, and what was read otherwise than it was typed."""

    tree: AllOf
    warnings: tuple[SearchWarning, ...] = field(default=())


def parse(text: str, *, mode: Mode = "lenient", limits: Limits = DEFAULT) -> Parsed:
    """Reads a query. Positions are code points.

    Args:
        text: as typed; empty for everything.
        mode: `lenient` reads past mistakes and warns of them, `strict` refuses them.
        limits: of what it may cost.

    Returns:
        An `AllOf` of the parts in the order in which they stand.

    Raises:
        Refused: `query-too-long`; in strict mode also `query-syntax` and `query-too-complex`, with the position.
    """
    if len(text) > limits.chars:
        detail = f"The query has {len(text)} characters; at most {limits.chars} are read."
        raise Refused("query-too-long", detail, position=(limits.chars, len(text)), limit=SETTINGS["chars"])
    complaints = Complaints(mode)
    tokens = list(Lexer(text, complaints).tokens())
    if mode == "strict":
        _refuse_endless(tokens, limits, complaints)
    tokens = _fewer(tokens, limits, complaints)
    tree = _Parser(tokens, limits, complaints, limits.depth).tree()
    if levels(tree) > limits.depth:
        complaints.beyond("depth", _too_deep(limits.depth), (0, len(text)))
        tree = _Parser(tokens, limits, Complaints("lenient"), limits.depth // _PER_PARENTHESIS - 1).tree()
    return Parsed(tree, complaints.warnings)


def _refuse_endless(tokens: Sequence[Token], limits: Limits, complaints: Complaints) -> None:
    """Refuses clauses that are long rows of words, as `a-b-c-…` is, of which an engine would take the first only."""
    words, most = 0, limits.clauses * _PER_CLAUSE
    for token in tokens:
        words += sum(1 for _ in _WORDS.finditer(token.text)) if token.kind in _LEAVES else 0
        if words > most:
            told = f"At most {most} words are expected, those within words and phrases included."
            complaints.beyond("clauses", Mistake("too-many-words", told, ""), token.position)


def _too_deep(most: int) -> Mistake:
    told = f"At most {most} levels of AND, OR, NOT and parentheses are expected within each other."
    return Mistake("too-deep", told, "Parentheses further in were left out.")


def _fewer(tokens: list[Token], limits: Limits, complaints: Complaints) -> list[Token]:
    """The tokens of as many clauses as are read, without the signs that then stand before nothing."""
    leaves = [place for place, token in enumerate(tokens) if token.kind in _LEAVES or _without_value(tokens, place)]
    if len(leaves) <= limits.clauses:
        return tokens
    beyond = leaves[limits.clauses]
    told = f"At most {limits.clauses} words, phrases and ranges are expected."
    position = (tokens[beyond].start, tokens[-1].end)
    complaints.beyond("clauses", Mistake("too-many-clauses", told, "The others were left out."), position)
    kept = tokens[:beyond]
    last = leaves[limits.clauses - 1]
    while len(kept) > last + 1 and kept[-1].kind != "close":
        kept.pop()
    opened = sum((token.kind == "open") - (token.kind == "close") for token in kept)
    return kept + [Token("close", ")", kept[-1].end, kept[-1].end)] * max(0, opened)


def _without_value(tokens: Sequence[Token], place: int) -> bool:
    """Whether a token is a field's name with nothing right behind its colon: a word, then."""
    token = tokens[place]
    if token.kind != "field":
        return False
    value = tokens[place + 1] if place + 1 < len(tokens) else None
    return value is None or value.kind not in (*_LEAVES, "open") or value.start != token.end


class _Parser:
    """Recursive descent, each call of which reads what binds more tightly than the one before.

    Args:
        tokens: of the query.
        limits: of leaves.
        complaints: of mistakes.
        depth: parentheses and NOTs that may stand within each other.
    """

    def __init__(self, tokens: Sequence[Token], limits: Limits, complaints: Complaints, depth: int) -> None:
        self._tokens = list(tokens)
        self._complaints = complaints
        self._atoms = Atoms(limits, complaints)
        self._depth = depth
        self._most = limits.depth
        self._at = 0

    def tree(self) -> AllOf:
        """The whole query."""
        parts: list[Node] = []
        while self._at < len(self._tokens):
            parts += self._side_by_side(None, 0)
            if self._at < len(self._tokens):
                self._complaints.syntax(_STRAY, self._tokens[self._at].position)
                self._at += 1
        if len(parts) == 1 and isinstance(parts[0], AllOf):
            return parts[0]
        return AllOf(parts=tuple(parts), position=_around(parts))

    def _side_by_side(self, scope: str | None, depth: int) -> list[Node]:
        """Parts up to the parenthesis that closes them, or the end."""
        parts: list[Node] = []
        while (kind := self._kind()) and kind != "close":
            if kind in ("AND", "OR"):
                self._as_word("before")
            part = self._joined("OR", Or, lambda: self._joined("AND", And, lambda: self._unary(scope, depth)))
            parts += [part] if part else []
        return parts

    def _joined(self, sign: str, make: type[Or | And], read: Callable[[], Node | None]) -> Node | None:
        parts = [read()]
        while self._kind() == sign:
            if self._kind(1) not in _STARTS:
                self._as_word("behind")
                break
            self._at += 1
            parts.append(read())
        there = [part for part in parts if part]
        if len(there) < 2:
            return there[0] if there else None
        return make(parts=tuple(there), position=_around(there))

    def _unary(self, scope: str | None, depth: int) -> Node | None:
        token = self._tokens[self._at]
        if token.kind == "NOT" and (self._kind(1) not in _STARTS or depth >= self._depth):
            if depth >= self._depth:
                self._complaints.beyond("depth", _too_deep(self._most), token.position)
            else:
                self._as_word("behind")
            self._tokens[self._at] = Token("word", "\\NOT", *token.position)
        if self._kind() not in ("NOT", "minus", "plus"):
            return self._atom(scope, depth)
        self._at += 1
        if self._kind() in (None, "close"):
            return None  # a sign before a quote that is not closed
        part = self._unary(scope, depth + 1) if token.kind == "NOT" else self._atom(scope, depth)
        if part is None:
            if token.kind == "NOT" and self._tokens[self._at - 1].text == "*":
                self._complaints.syntax(_NOTHING, (token.start, self._tokens[self._at - 1].end))
            return None
        position = (token.start, part.position[1])
        return Required(part=part, position=position) if token.kind == "plus" else Not(part=part, position=position)

    def _atom(self, scope: str | None, depth: int) -> Node | None:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "field":
            return self._in_field(token, depth)
        if token.kind == "open":
            return self._group(token, scope, depth)
        return self._atoms.of(token, scope)

    def _in_field(self, token: Token, depth: int) -> Node | None:
        """What stands in a field; where nothing does right behind the colon, the name is a word."""
        if _without_value(self._tokens, self._at - 1):
            told = f"A word, a phrase, a ( or * was expected right behind {token.text}:"
            self._complaints.syntax(
                Mistake("field-without-value", f"{told}.", "It was read as a word."), token.position
            )
            return self._atoms.of(Token("word", token.text, token.start, token.end), None)
        part = self._atom(token.text, depth)
        bare = part.part if isinstance(part, Boost) else part
        if part is None or isinstance(bare, In | Exists | Dates | Numbers) or BY_NAME[token.text].kind in _RANGED:
            return part  # it has a field of its own
        return In(field=token.text, part=part, position=(token.start, part.position[1]))

    def _group(self, token: Token, scope: str | None, depth: int) -> Node | None:
        if depth >= self._depth:
            return self._flattened(token, scope)
        parts = self._side_by_side(scope, depth + 1)
        closed = self._tokens[self._at] if self._kind() == "close" else None
        self._at += closed is not None
        if closed is None:
            self._complaints.syntax(_UNCLOSED, token.position)
        if not parts:
            self._complaints.syntax(_EMPTY, (token.start, closed.end if closed else token.end))
            return None
        end = closed.end if closed else parts[-1].position[1]
        part = parts[0] if len(parts) == 1 else AllOf(parts=tuple(parts), position=(token.start, end))
        return self._atoms.boosted(part, closed) if closed else part

    def _flattened(self, token: Token, scope: str | None) -> Node | None:
        """Beyond the depth that is read, a group is the words in it, side by side."""
        self._complaints.beyond("depth", _too_deep(self._most), token.position)
        parts: list[Node] = []
        opened = 1
        while opened and self._at < len(self._tokens):
            each = self._tokens[self._at]
            opened += (each.kind == "open") - (each.kind == "close")
            self._at += 1
            if each.kind in ("word", "phrase") and (leaf := self._atoms.of(each, scope)):
                parts.append(leaf)
        if len(parts) < 2:
            return parts[0] if parts else None
        return AllOf(parts=tuple(parts), position=(token.start, parts[-1].position[1]))

    def _as_word(self, where: str) -> None:
        """Makes a word of a sign that has nothing before or behind it."""
        token = self._tokens[self._at]
        told = f"A word was expected {where} {token.kind}."
        self._complaints.syntax(Mistake("stray-operator", told, "It was read as a word."), token.position)
        self._tokens[self._at] = Token("word", f"\\{token.kind}", *token.position)

    def _kind(self, ahead: int = 0) -> str | None:
        place = self._at + ahead
        return self._tokens[place].kind if place < len(self._tokens) else None


def _around(parts: Sequence[Node]) -> tuple[int, int]:
    return (parts[0].position[0], parts[-1].position[1]) if parts else (0, 0)
