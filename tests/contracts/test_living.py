"""Given folded results whose pages are being deleted, then a later page still tells each story that has a copy left."""

from services.query.living import living
from shared.query_language.parse import parse
from shared.search.port import EngineQuery
from tests.contracts.search_engines import Engine, ids, page, put


def test_a_copy_that_lives_stands_for_its_story_when_the_one_shown_is_deleted(engine: Engine) -> None:
    dates = {"early": 1, "a1": 2, "a2": 3, "a3": 4, "b": 5, "c1": 6, "c2": 7}
    stories = {"a1": "a", "a2": "a", "a3": "a", "c1": "c", "c2": "c"}
    put(
        engine,
        *(page(name, "heron", published=f"2024-01-0{day}", story=stories.get(name)) for name, day in dates.items()),
    )
    asked = EngineQuery(tree=parse("heron").tree, fold_story=True, sort="oldest", size=1)
    first = engine.index.search(asked)
    rest = asked.model_copy(update={"size": 10})
    engine.writer.delete(dict.fromkeys(("a1", "b", "c1", "c2"), 9))
    answer = engine.index.search(rest, snapshot=first.snapshot, after=first.after)
    assert ids(answer) == ["a1", "b", "c1"]
    shown = living(engine.index, rest, answer, first.snapshot or "")
    assert [(hit.id, hit.copies) for hit in shown.hits] == [("a2", 1)]
