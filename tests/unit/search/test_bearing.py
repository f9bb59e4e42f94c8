"""Where a text has words that matter, against reading every word of it."""

from hypothesis import given
from hypothesis import strategies as st

from shared.search.analysis.words import placed_runs, runs
from shared.search.bearing import Bearing

READ = st.text(alphabet="abcABC12 \t\n\xa0.,;:!?-'\"()&+#_/é\u0301\u200d日", max_size=200) | st.text(max_size=200)
LETTERS = st.frozensets(st.sampled_from("abcABC12xyz"), max_size=6)


def parted(text: str) -> list[tuple[int, int]]:
    """The pieces between white space, one character after the other."""
    found, start = [], None
    for at, char in enumerate(f"{text} "):
        if char.isspace() and start is not None:
            found.append((start, at))
        start = None if char.isspace() else at if start is None else start
    return found


def begins_with(letters: frozenset[str], run: str) -> bool:
    """What a marker holds: a plain run matters by its first letter at least, any other one may."""
    return not (run.isascii() and run.isalnum()) or run[0] in letters


@given(READ, LETTERS)
def test_every_piece_with_a_run_that_matters_is_found_in_order(text: str, letters: frozenset[str]) -> None:
    bearing = Bearing(lambda run: begins_with(letters, run), letters)
    wanted = [
        (start, end) for start, end in parted(text) if any(begins_with(letters, run) for run in runs(text[start:end]))
    ]
    assert bearing.spans(text) == wanted


@given(READ, st.text(alphabet="abcABC12é日", min_size=1, max_size=2))
def test_where_any_letter_may_begin_a_word_the_word_itself_is_found(text: str, wanted: str) -> None:
    bearing = Bearing(lambda run: run == wanted, None)
    found = [run for start, end in bearing.spans(text) for run in runs(text[start:end]) if run == wanted]
    assert found == [run for run in runs(text) if run == wanted]


@given(READ)
def test_no_run_spans_white_space(text: str) -> None:
    placed = [(run.start(), run.end()) for run in placed_runs(text)]
    apart = [
        (start + run.start(), start + run.end()) for start, end in parted(text) for run in placed_runs(text[start:end])
    ]
    assert placed == apart


def test_what_was_judged_once_is_not_asked_again() -> None:
    asked: list[str] = []

    def matters(run: str) -> bool:
        asked.append(run)
        return run == "mill"

    bearing = Bearing(matters, frozenset("mM"))
    assert bearing.spans("The mill, a mill of mine. Mills mill on") == [(4, 9), (12, 16), (32, 36)]
    assert {"mill", "mine", "Mills"} <= set(asked)
    assert not {"The", "of"} & set(asked)
    before = list(asked)
    assert bearing.spans("mill of mine. ") == [(0, 4)]
    assert asked == before
