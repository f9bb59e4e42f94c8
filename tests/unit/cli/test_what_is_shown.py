"""Everything shown came from pages and senders: none of it may steer the terminal."""

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from services.cli.showing.cleaned import cleaned
from services.cli.showing.equation import equation, ledger
from services.cli.showing.explained import explanation
from services.cli.showing.hits import results
from services.cli.showing.letters import acted, letter, listed
from services.cli.showing.receipt import timeline
from services.cli.showing.terminal import as_json, highlighted, one_line, plain

NASTY = "\x1b]0;owned\x07\x1b[31m\x9b31m red \u202eesrever\u2066 \x00[bold]no markup[/bold] :smile:"
FORBIDDEN = set("\x00\x07\x1b\x7f\x9b\u202e\u2066\u2028\r")


def _shown(what: RenderableType, *, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(), width=100, markup=False, emoji=False, highlight=False, force_terminal=colour, no_color=None
    )
    console.print(what)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def _hit(**fields: Any) -> dict[str, Any]:
    hit: dict[str, Any] = {
        "id": "p1",
        "score": 1.0,
        "title": "A title",
        "url": "https://a.example/1",
        "site": "a.example",
    }
    hit |= {"source": "s", "published": "2024-10-28T09:30:00Z", "language": "en", "authors": [], "snippet": None}
    return {**hit, "story": None, "copies": 0, **fields}


def _results(*hits: dict[str, Any], **fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"total": {"value": len(hits), "exact": True}, "match": "all", "hits": list(hits)}
    told |= {"facets": {}, "histogram": [], "next": None, "took_ms": {"total": 3.2, "engine": 1.0}}
    return {**told, "partial": False, "warnings": [], **fields}


def _stage(name: str, **fields: Any) -> dict[str, Any]:
    stage = {"name": name, "attempts": 1, "started_at": "2024-10-28T09:30:00.020Z", "finished_at": None}
    return {**stage, "ms": None, "outcome": None, "detail": None, **fields}


def test_a_receipt_tells_of_its_deaths_before_the_way_that_it_took_then() -> None:
    died = {"at": "2024-10-28T09:29:00.000Z", "what": "died", "room": "clean", "detail": "no-text: none", "times": 1}
    again = {"at": "2024-10-28T09:29:30.000Z", "what": "sent-again", "room": "clean", "detail": None, "times": 1}
    shown = _shown(timeline(_receipt(stages=[_stage("clean", outcome="done")], history=[died, again])))
    assert shown.index("died, no-text: none") < shown.index("sent-again") < shown.index("done")


def _receipt(**fields: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"id": "p1", "url": "https://a.example/1", "source": None, "version": 1730107800000000}
    told |= {"state": "waiting", "searchable_version": None, "stage": "clean", "reason": None, "stages": []}
    return {**told, "accepted_at": "2024-10-28T09:30:00.000Z", "searchable_at": None, **fields}


@given(st.text())
def test_plain_text_has_nothing_in_it_that_a_terminal_obeys(text: str) -> None:
    shown = plain(text)
    assert not set(shown) & FORBIDDEN
    shown.encode()


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n\tb \r\n c\u2028d ") == "a b cd"


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_is_one_safe_line_and_reads_back_as_it_was(value: Any) -> None:
    line = as_json(value)
    assert "\n" not in line
    assert not set(line) & FORBIDDEN
    assert json.loads(line) == value


def test_what_matched_is_styled_and_entities_are_characters() -> None:
    text = highlighted("Fish &amp; <mark>chips</mark> &lt;b&gt; on the <mark>pier</mark>")
    assert text.plain == "Fish & chips <b> on the pier"
    assert [text.plain[span.start : span.end] for span in text.spans] == ["chips", "pier"]


def test_what_matched_stands_between_asterisks_where_no_style_is_seen() -> None:
    assert "a *bridge* of iron" in _shown(results(_results(_hit(snippet="a <mark>bridge</mark> of iron")), signs=True))


def test_an_escape_hidden_in_an_entity_is_taken_out_of_a_snippet() -> None:
    shown = _shown(highlighted("&#27;[31mred&#x9b;5m &#8238;x <mark>&#27;]0;t&#7;</mark>"))
    assert not set(shown) & FORBIDDEN


def test_hits_show_title_site_language_day_and_snippet() -> None:
    shown = _shown(results(_results(_hit(snippet="a <mark>bridge</mark> of iron", copies=2))))
    assert " 1. A title" in shown
    assert "a.example · en · 2024-10-28 · p1 · 2 near copies" in shown
    assert "    a bridge of iron" in shown
    assert "1 document in 3.2 ms" in shown


def _explained(**fields: Any) -> dict[str, Any]:
    word = {"word": "tides", "forms": [{"language": "en", "form": "tide", "documents": 3}]}
    leaf = {"kind": "word", "text": "tides", "documents": 3, "words": [word], "parts": []}
    tree = {"kind": "all", "text": "tides \x1b[31mharbuor", "documents": None, "words": [], "parts": [leaf]}
    told: dict[str, Any] = {"q": "tides", "match": "all", "total": {"value": 0, "exact": True}, "tree": tree}
    return {**told, "blame": [], "offers": [], "warnings": [], "took_ms": {"total": 2.0, "engine": 1.0}, **fields}


def test_an_explanation_shows_the_tree_with_counts_and_what_words_became() -> None:
    shown = _shown(explanation(_explained()))
    assert not set(shown) & FORBIDDEN
    assert "harbuor  all, not counted" in shown
    assert "tides  word, 3 documents" in shown
    assert "tides: tide (en)" in shown


def test_an_explanation_shows_what_is_to_blame_and_what_would_have_hits() -> None:
    offers = [
        {"q": "tides harbour", "kind": "spelling", "documents": 1},
        {"q": "tides", "kind": "without-filters", "documents": 4},
    ]
    told = _explained(blame=[{"text": "harbuor", "detail": "No document has harbuor."}], offers=offers)
    shown = _shown(explanation(told))
    assert "No document has harbuor." in shown
    assert "try: tides harbour  1 document\n" in shown
    assert "try: tides without the filters  4 documents" in shown


def test_a_hit_without_a_title_is_shown_by_its_address() -> None:
    assert " 1. https://a.example/1" in _shown(results(_results(_hit(title=None))))


def test_facets_histogram_and_the_way_on_are_shown() -> None:
    told = _results(
        facets={"language": [{"value": "de", "count": 1200}, {"value": "fr", "count": 2}]},
        histogram=[{"start": "2024-01-01", "count": 4}, {"start": "2024-02-01", "count": 2}],
        next="CURSOR",
        total={"value": 10_000, "exact": False},
    )
    shown = _shown(results(told))
    assert "language: de 1,200  fr 2" in shown
    assert "2024-01-01" in shown
    assert shown.count("▇") == 45
    assert "at least 10,000 documents" in shown
    assert "more: --cursor CURSOR" in shown


def test_a_receipt_is_a_timeline_from_the_moment_of_acceptance() -> None:
    stages = [
        _stage("clean", ms=13.24, outcome="done"),
        _stage("enrich", started_at="2024-10-28T09:30:00.120Z", attempts=3, ms=2.0, outcome="done", detail="slow"),
    ]
    told = _receipt(state="searchable", searchable_at="2024-10-28T09:30:12.500Z", stages=stages)
    lines = [line.split() for line in _shown(timeline(told)).splitlines()]
    assert lines[0] == ["p1", "https://a.example/1"]
    assert ["2024-10-28", "09:30:00", "accepted"] in lines
    assert ["+20", "ms", "clean", "13.2", "ms", "done"] in lines
    assert ["+120", "ms", "enrich", "2.0", "ms", "done,", "3", "attempts,", "slow"] in lines
    assert ["+12.5", "s", "searchable"] in lines


def test_a_receipt_that_has_expired_has_a_state_and_no_times() -> None:
    told = _receipt(state="searchable", accepted_at=None, url=None)
    lines = _shown(timeline(told)).splitlines()
    assert lines[0].split() == ["p1", "(no", "URL)"]
    assert lines[-1].split() == ["searchable"]


def _ledger(**fields: Any) -> dict[str, Any]:
    room: dict[str, float] = {
        "entered": 8,
        "left": 4,
        "dead": 1,
        "dropped": 0,
        "deleted": 3,
        "waiting": 0,
        "working": 0,
    }
    room |= {"oldest_seconds": 0.0}
    told = {"accepted": 1005, "searchable": 1000, "dead": 1, "dropped": {"superseded": 2}, "deleted": 1, "waiting": 1}
    return {**told, "working": 0, "waiting_bytes": 0, "balanced": True, "rooms": {"clean": room}, **fields}


def test_the_equation_adds_up_on_one_line() -> None:
    assert equation(_ledger()).plain == (
        "1,005 accepted = 1,000 searchable + 1 dead + 2 dropped + 1 deleted + 1 waiting + 0 working   balanced"
    )


def test_a_ledger_out_of_balance_says_so() -> None:
    assert equation(_ledger(balanced=False)).plain.endswith("NOT BALANCED")


def test_the_ledger_lists_rooms_and_reasons() -> None:
    shown = _shown(ledger(_ledger()))
    assert "dropped: 2 superseded" in shown
    assert ["clean", "8", "4", "1", "0", "3", "0", "0", "0.0", "s"] in [line.split() for line in shown.splitlines()]


def test_nothing_from_a_page_reaches_the_terminal_as_a_command_or_as_markup() -> None:
    letter_told: dict[str, Any] = {
        "id": "p1",
        "url": NASTY,
        "stage": "clean",
        "reason": NASTY,
        "detail": NASTY,
        "attempts": 3,
    }
    letter_told |= {"died_at": "2024-10-28T09:30:00Z", "traceback": NASTY}
    letter_told["raw"] = {"content": NASTY, "content_type": NASTY, "title": NASTY}
    group = {"reason": NASTY, "stage": "clean", "site": NASTY, "count": 1}
    clean_told: dict[str, Any] = {
        "title": NASTY,
        "standfirst": NASTY,
        "paragraphs": [NASTY],
        "authors": [NASTY],
        "published": None,
    }
    clean_told |= {"dropped": [{"text": NASTY, "reason": NASTY, "line": 3}], "site_name": NASTY, "extractor": "x"}
    whats = [
        results(_results(_hit(title=NASTY, site=NASTY, snippet=NASTY), facets={"tag": [{"value": NASTY, "count": 1}]})),
        timeline(_receipt(url=NASTY, source=NASTY, reason=NASTY, stages=[_stage("clean", detail=NASTY)])),
        ledger(_ledger(dropped={NASTY: 1})),
        listed({"total": 1, "groups": [group], "items": [letter_told], "next": NASTY}),
        letter(letter_told),
        cleaned(
            clean_told, {"language": NASTY, "quality": [NASTY], "evidence": {}, "word_count": 1, "reading_minutes": 1}
        ),
    ]
    for what in whats:
        shown = _shown(what)
        assert not set(shown) & FORBIDDEN
        assert "[bold]no" in "".join(shown.split())
        assert ":smile:" in "".join(shown.split())


def test_an_empty_list_of_dead_letters_says_so() -> None:
    assert _shown(listed({"total": 0, "groups": [], "items": [], "next": None})) == "no dead letters\n"


def test_what_was_done_to_dead_letters_is_told_in_numbers() -> None:
    assert _shown(acted("redrive", {"matched": 1200, "done": 1199}, dry_run=False)) == "1,199 of 1,200 sent again\n"
    assert _shown(acted("discard", {"matched": 3, "done": 0}, dry_run=True)) == "3 would be discarded\n"
