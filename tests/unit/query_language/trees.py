# ruff: noqa: RUF001  (the tests are about these characters)
"""Trees as hypothesis makes them, and how they are compared."""

import datetime as dt
import re
from typing import Any

from hypothesis import strategies as st

from shared.query_language.characters import SPACE, narrow
from shared.query_language.limits import BOOST_MAX, SLOP_MAX
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
    inner,
)
from shared.search.fields import BY_NAME, QUERY_FIELDS

HARD = [*list("\"“”()[]*~^+-:\\/<>=.,!?#@&|{}'’_ "), "AND", "OR", "NOT", "TO", "title:", "date:", "words:", "http://"]
"""What means something, or looks as if it did."""
TYPED = st.lists(
    st.sampled_from([*HARD, " ", " ", "a", "word", "Ünï", "漢字", "2024", "\u200f", "\u0301", "（", "：", "\n"]),
    max_size=60,
).map("".join)
"""Queries that somebody's cat has typed."""
_SPACE = re.compile(f"[{SPACE}]")
_WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]) | st.sampled_from('"()*~^+-:\\/AND'), min_size=1)
_PLAIN = _WORDS.map(narrow).map(lambda text: _SPACE.sub("", text)).filter(bool)
_LONG = st.from_regex(r"[a-zäж漢]{5,9}", fullmatch=True)
_FIELDS = st.sampled_from([name for name in QUERY_FIELDS if BY_NAME[name].kind in ("text", "keyword")])
_FUZZY_FIELDS = _FIELDS.filter(lambda name: name not in ("site", "language"))
_DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
_COUNTS = st.integers(0, 10**15 - 1)
_FACTORS = st.integers(1, int(BOOST_MAX) * 100).map(lambda hundredths: hundredths / 100)


def _in_order(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    one, two = pair
    return (two, one) if one is not None and two is not None and one > two else (one, two)


def _ends(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    one = values | st.none()
    return st.tuples(one, one).map(_in_order).filter(lambda pair: pair != (None, None))


def _leaves() -> st.SearchStrategy[Node]:
    return st.one_of(
        _PLAIN.map(lambda text: Word(text=text)),
        st.builds(Phrase, words=st.lists(_PLAIN, min_size=1, max_size=4).map(tuple), slop=st.integers(0, SLOP_MAX)).map(
            lambda phrase: Phrase(words=phrase.words, slop=phrase.slop)
        ),
        _LONG.map(lambda text: Prefix(text=text)),
        st.builds(lambda text, distance: Fuzzy(text=text, distance=distance), _LONG, st.sampled_from([1, 2])),
        _ends(_DAYS).map(lambda ends: Dates(first=ends[0], last=ends[1])),
        _ends(_COUNTS).map(lambda ends: Numbers(field="words", least=ends[0], most=ends[1])),
        st.sampled_from(QUERY_FIELDS).map(lambda field: Exists(field=field)),
    )


def _has_no_field(node: Node) -> bool:
    bare = node.part if isinstance(node, Boost) else node
    return not isinstance(bare, In | Exists | Dates | Numbers)


def _around(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        several.map(lambda found: AllOf(parts=found)),
        several.map(lambda found: Or(parts=found)),
        several.map(lambda found: And(parts=found)),
        parts.map(lambda part: Not(part=part)),
        parts.map(lambda part: Required(part=part)),
        st.builds(lambda part, factor: Boost(part=part, factor=factor), parts, _FACTORS),
        st.builds(lambda field, part: In(field=field, part=part), _FUZZY_FIELDS, parts.filter(_has_no_field)),
    )


TREES = st.lists(st.recursive(_leaves(), _around, max_leaves=12), max_size=4).map(
    lambda parts: parts[0] if len(parts) == 1 and isinstance(parts[0], AllOf) else AllOf(parts=tuple(parts))
)
"""What `parse` may give, without places."""


def placeless(node: Node) -> Any:
    """A tree without its places."""
    return _without(node.model_dump(mode="json"))


def leaves(node: Node) -> list[Node]:
    """The leaves of a tree in order."""
    parts = inner(node)
    return [leaf for part in parts for leaf in leaves(part)] if parts else [node]


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(each) for name, each in value.items() if name != "position"}
    return [_without(each) for each in value] if isinstance(value, list) else value
