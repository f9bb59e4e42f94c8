"""What the engine raises reaches the house as one of its own errors."""

import pytest
import tantivy

from shared.errors import DependencyUnavailable
from shared.search.tantivy.guard import engine, first_line, is_panic


def searcher() -> tantivy.Searcher:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("x")
    return tantivy.Index(builder.build()).searcher()


def test_a_panic_of_the_engine_is_an_engine_that_is_away() -> None:
    with pytest.raises(DependencyUnavailable, match=r"panicked: .*Limit must be greater than 0") as caught, engine():
        searcher().search(tantivy.Query.all_query(), 0)
    assert caught.value.name == "index"
    assert caught.value.__cause__ is not None
    assert is_panic(caught.value.__cause__)


def test_a_failure_of_the_engine_is_an_engine_that_is_away() -> None:
    with pytest.raises(DependencyUnavailable, match="nowhere"), engine():
        searcher().search(tantivy.Query.all_query(), 1, order_by_field="nowhere")


@pytest.mark.parametrize("error", [KeyboardInterrupt, KeyError, SystemExit])
def test_what_is_not_the_engine_s_passes(error: type[BaseException]) -> None:
    with pytest.raises(error), engine():
        raise error("x")


def test_an_error_is_told_in_one_line() -> None:
    assert first_line(ValueError("one\ntwo")) == "one"
    assert first_line(ValueError()) == "ValueError"
    assert len(first_line(ValueError("x" * 5000))) == 500
