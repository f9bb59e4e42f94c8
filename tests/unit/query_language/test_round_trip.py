"""A tree prints back to text that parses to the same tree; any text at all is read."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.errors import Refused
from shared.query_language.characters import narrow
from shared.query_language.limits import Limits
from shared.query_language.parse import parse
from shared.query_language.tree import AllOf, Node, Prefix, Word, levels
from shared.query_language.writing import text_of
from tests.unit.query_language.trees import TREES, TYPED, leaves, placeless

WIDE = Limits(chars=10**6, depth=10**3, clauses=10**4, wildcards=10**3, near=10**4)


@given(TREES)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_tree_prints_back_to_text_that_is_read_as_the_same_tree_without_any_mistake(tree: AllOf) -> None:
    written = text_of(tree)
    assert placeless(parse(written, mode="strict", limits=WIDE).tree) == placeless(tree)


@given(TYPED | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
@example('+">')
@example('date:"\u200f"')
@example("http://\\\\(")
@example("ferry OR (harbor https://a.example/b_(c )")
@settings(deadline=None)
def test_whatever_is_typed_is_read_and_prints_back_to_the_same_tree(text: str) -> None:
    tree = parse(text).tree
    assert placeless(parse(text_of(tree), limits=WIDE).tree) == placeless(tree)


@given(TYPED)
@settings(deadline=None)
def test_strict_mode_reads_as_lenient_mode_does_or_points_into_the_text(text: str) -> None:
    lenient = parse(text)
    if not lenient.warnings:
        assert parse(text, mode="strict") == lenient
        return
    with pytest.raises(Refused) as caught:
        parse(text, mode="strict")
    assert caught.value.code in ("query-syntax", "query-too-complex")
    start, end = caught.value.problem.position or (-1, -1)
    assert 0 <= start <= end <= len(text)
    assert "expected" in caught.value.problem.detail


@given(TYPED)
@settings(deadline=None)
def test_every_place_is_within_that_of_its_parent_and_holds_what_was_read(text: str) -> None:
    parsed = parse(text)
    _check(parsed.tree, (0, len(text)))
    if not parsed.warnings:
        for leaf in leaves(parsed.tree):
            if isinstance(leaf, Word | Prefix):
                assert leaf.text in narrow(text[slice(*leaf.position)]).replace("\\", "") or "\\" in leaf.text


@given(TYPED, st.integers(4, 12), st.integers(1, 5), st.integers(0, 3))
@settings(deadline=None)
def test_no_tree_goes_beyond_the_limits(text: str, depth: int, clauses: int, wildcards: int) -> None:
    tree = parse(text, limits=Limits(depth=depth, clauses=clauses, wildcards=wildcards)).tree
    found = leaves(tree)
    assert levels(tree) <= depth
    assert sum(isinstance(leaf, Prefix) for leaf in found) <= wildcards
    assert len({leaf.position for leaf in found}) <= clauses + text.count("AND") + text.count("OR") + text.count("NOT")


def _check(node: Node, within: tuple[int, int]) -> None:
    if isinstance(node, AllOf) and not node.parts:
        return
    start, end = node.position
    assert within[0] <= start <= end <= within[1]
    for part in getattr(node, "parts", None) or filter(None, [getattr(node, "part", None)]):
        _check(part, node.position)
