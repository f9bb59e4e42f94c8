"""A process that is ended in the middle of going live leaves an index that is known for what it is."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch import ElasticsearchGenerations, ElasticsearchIndex
from shared.search.elasticsearch.parts import FILLING_NOTE
from tests.contracts.search_engines import page
from tests.elasticsearch.stand_in import Answer, Asked, StandIn, error

pytestmark = pytest.mark.elasticsearch


def cut_at(part: str, times: int = 1) -> Callable[..., Answer]:
    """A rule under which requests to change a thing do not arrive, as where the process was ended before them."""
    left = iter(range(times))

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        changes = asked.method in {"POST", "PUT"} and part in asked.path
        return error(503, "cut", "before it arrived") if changes and next(left, None) is not None else forward()

    return rule


def notes_of(operator: httpx.Client, index: str) -> dict[str, Any]:
    told: dict[str, Any] = operator.get(f"/{index}/_mapping").raise_for_status().json()
    notes: dict[str, Any] = told[index]["mappings"]["_meta"]
    return notes


@pytest.mark.smoke
def test_an_index_whose_going_live_was_cut_before_the_aliases_is_known_as_unfinished(
    generations: ElasticsearchGenerations, engine: StandIn, operator: httpx.Client
) -> None:
    name = generations.begin()
    engine.rule = cut_at("/_aliases")
    with pytest.raises(DependencyUnavailable):
        generations.go_live(name)
    assert [each.role for each in generations.status()] == ["live", "building"]
    assert FILLING_NOTE in notes_of(operator, name)


def test_an_index_whose_going_live_was_cut_after_the_aliases_is_made_good_by_the_same_again(
    generations: ElasticsearchGenerations, engine: StandIn, operator: httpx.Client, index: ElasticsearchIndex
) -> None:
    name = generations.begin()
    generations.writer(name).index([page("a")])
    engine.rule = cut_at(f"/{name}/_mapping")
    with pytest.raises(DependencyUnavailable):
        generations.go_live(name)
    assert [each.name for each in generations.status() if each.role == "live"] == [name]
    generations.go_live(name)
    assert FILLING_NOTE not in notes_of(operator, name)
    assert index.still_there(["a"]) == {"a"}


def test_an_index_that_went_live_by_a_cut_step_is_whole_when_it_is_the_earlier_one(
    generations: ElasticsearchGenerations, engine: StandIn
) -> None:
    first, second = generations.status()[0].name, generations.begin()
    engine.rule = cut_at(f"/{second}/_mapping")
    with pytest.raises(DependencyUnavailable):
        generations.go_live(second)
    generations.go_live(first)
    assert [(each.name, each.role, each.trouble) for each in generations.status()] == [
        (first, "live", None),
        (second, "kept", None),
    ]
