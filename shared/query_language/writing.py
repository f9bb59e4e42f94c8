"""A syntax tree as text that parses to the same tree."""

import re
from typing import Final

from shared.query_language.characters import MINUS, PLUS, QUOTES, escaped
from shared.query_language.tokens import NO_OPERAND, is_url
from shared.query_language.tree import (
    AllOf,
    And,
    Boost,
    Dates,
    Exists,
    Fuzzy,
    In,
    Node,
    Not,
    Numbers,
    Or,
    Phrase,
    Prefix,
    Required,
    Word,
)
from shared.search.fields import QUERY_FIELDS

_SIGNS: Final = f"{QUOTES}()*~^"
_FIELD: Final = re.compile(rf"({'|'.join(QUERY_FIELDS)}):", re.IGNORECASE)


def text_of(node: Node) -> str:
    """The shortest plain way to write a tree; places and spaces are its own.

    Args:
        node: as `parse` gives it. Words have no white space and no full-width signs in them.
    """
    if isinstance(node, AllOf):
        return " ".join(map(_side, node.parts))
    return _side(node)


def _side(node: Node) -> str:
    match node:
        case Or():
            return " OR ".join(_operand(part, (And,)) for part in node.parts)
        case And():
            return " AND ".join(_operand(part, ()) for part in node.parts)
        case _:
            return _operand(node, ())


def _operand(node: Node, bare: tuple[type, ...]) -> str:
    """A part of OR or AND; those in `bare` bind more tightly than it does."""
    if isinstance(node, bare):
        return _side(node)
    match node:
        case Not():
            return f"-{_signed(node.part)}"
        case Required():
            return f"+{_signed(node.part)}"
        case _:
            return _atom(node)


def _signed(node: Node) -> str:
    atom = _atom(node)
    return f"({atom})" if atom[0] in NO_OPERAND else atom


def _atom(node: Node) -> str:
    match node:
        case Boost():
            return f"{_boostable(node.part)}^{node.factor:.6f}".rstrip("0").rstrip(".")
        case In():
            return f"{node.field}:{_atom(node.part)}"
        case AllOf() | And() | Or() | Not() | Required():
            return f"({text_of(node)})"
        case _:
            return _leaf(node)


def _boostable(node: Node) -> str:
    """What a boost can stand behind."""
    if isinstance(node, Word):
        return _word(node.text, whole=False)
    return f"({text_of(node)})" if isinstance(node, Boost | In) else _atom(node)


def _leaf(node: Node) -> str:
    match node:
        case Phrase():
            quoted = " ".join(escaped(word, f"{QUOTES}*") for word in node.words)
            return f'"{quoted}"' + (f"~{node.slop}" if node.slop else "")
        case Prefix():
            return f"{_word(node.text, whole=False)}*"
        case Fuzzy():
            return f"{_word(node.text, whole=False)}~{node.distance}"
        case Word():
            return _word(node.text)
        case _:
            return _range(node)


def _range(node: Node) -> str:
    match node:
        case Dates():
            return f"date:{node.first or ''}..{node.last or ''}"
        case Numbers():
            return f"{node.field}:{_number(node.least)}..{_number(node.most)}"
        case Exists():
            return f"{node.field}:*"
        case _:
            raise AssertionError(node)


def _word(text: str, *, whole: bool = True) -> str:
    """A word that is read as itself.

    `whole` where nothing follows it, so that a URL can stand as it is; one that opens more parentheses than it closes
    would still take that of a group around it.
    """
    if text in ("AND", "OR", "NOT"):
        return f"\\{text}"
    if whole and is_url(text) and text.count("(") == text.count(")"):
        return text
    signs = escaped(text, _SIGNS)
    if _FIELD.match(signs) or "://" in signs:
        signs = signs.replace(":", "\\:")
    return f"\\{signs}" if signs[0] in f"{MINUS}{PLUS}" else signs


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
