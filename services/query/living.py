"""What a later page of results shows of pages that were deleted since its snapshot was taken."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from shared.search.port import EngineAnswer, EngineHit, EngineQuery, SearchIndex

_READ: Final = 20
"""Copies read at once, to find one that is still there."""


def living(index: SearchIndex, query: EngineQuery, answer: EngineAnswer, snapshot: str) -> EngineAnswer:
    """The answer without what was deleted. Folded, the best copy that is still there stands for its story.

    Args:
        index: what was searched.
        query: what was asked.
        answer: one page of it.
        snapshot: what the page was read from.

    Raises:
        SnapshotGone: the snapshot was let go.
        DependencyUnavailable: the engine is away.
    """
    there = index.still_there([hit.id for hit in answer.hits])
    if len(there) == len(answer.hits):
        return answer
    gone = {hit.document.story: hit for hit in answer.hits if hit.id not in there and hit.document.story}
    folded = {story: hit for story, hit in gone.items() if hit.copies}
    others = _in_their_place(index, query, snapshot, folded) if query.fold_story and folded else {}
    hits = (hit if hit.id in there else others.get(hit.document.story) for hit in answer.hits)
    return answer.model_copy(update={"hits": tuple(filter(None, hits))})


def _in_their_place(
    index: SearchIndex, query: EngineQuery, snapshot: str, gone: Mapping[str, EngineHit]
) -> dict[str | None, EngineHit]:
    """By story the first copy that is still there, in the order of the results; those before it count no more."""
    found: dict[str | None, EngineHit] = {}
    before = Counter[str | None]()
    for hit, there in _copies(index, query, snapshot, tuple(gone)):
        story = hit.document.story
        if story is None or story in found or story not in gone:
            continue
        before[story] += 1
        if there:
            found[story] = hit.model_copy(update={"copies": gone[story].copies + 1 - before[story]})
        if len(found) == len(gone):
            break
    return found


def _copies(
    index: SearchIndex, query: EngineQuery, snapshot: str, stories: tuple[str, ...]
) -> Iterator[tuple[EngineHit, bool]]:
    """All that these stories have in the results, in order, and whether each is still there."""
    filters = query.filters.model_copy(update={"story": stories})
    plain = {"filters": filters, "fold_story": False, "size": _READ, "facets": (), "histogram": None}
    asked = query.model_copy(update=plain)
    after: str | None = None
    while True:
        answer = index.search(asked, snapshot=snapshot, after=after)
        there = index.still_there([hit.id for hit in answer.hits])
        yield from ((hit, hit.id in there) for hit in answer.hits)
        after = answer.after
        if after is None:
            return
