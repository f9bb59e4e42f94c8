"""What the client does when the services do not simply take everything."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli.client import Client, ServerAway, ServerRefused
from services.cli.failure import CommandFailed
from services.cli.posting.inputs import find
from services.cli.posting.items import Reading
from services.cli.posting.sending import Answered, Sender
from services.cli.posting.walking import Placed, walk
from tests.integration.cli.scripted import Answer, Intake, accepted, cut, full_after, intake, problem, refuse_over

Script = list[Callable[[list[str]], Answer]]


def _placed(folder: Path, *lines: str) -> list[Placed]:
    path = folder / "a.jsonl"
    path.write_text("\n".join(lines))
    return list(walk(find([str(path)]), Reading(1000, 1000), io.BytesIO()))


def _send(placed: list[Placed], script: Script, patience: float = 30) -> tuple[list[Answered], Intake, list[str]]:
    remarks: list[str] = []
    with intake(script) as told, Client(told.url) as client:
        answers = list(Sender(client, {}, patience, remarks.append).send(placed))
    return answers, told, remarks


def _answered_lines(answers: list[Answered]) -> list[str]:
    return [placed.item.data.decode().strip() for answered in answers for placed in answered.items]


def _count(answers: list[Answered], status: str) -> int:
    return sum(answered.counts.get(status, 0) for answered in answers)


def test_a_batch_is_answered_at_once(tmp_path: Path) -> None:
    answers, told, remarks = _send(_placed(tmp_path, "1", "2", "3"), [])
    assert told.requests == [["1", "2", "3"]]
    assert _answered_lines(answers) == ["1", "2", "3"]
    assert remarks == []


def test_where_the_line_fills_the_rest_is_sent_again_from_there(tmp_path: Path) -> None:
    answers, told, remarks = _send(_placed(tmp_path, "1", "2", "3", "4"), [full_after(1), full_after(0), full_after(2)])
    assert told.requests == [["1", "2", "3", "4"], ["2", "3", "4"], ["2", "3", "4"], ["4"]]
    assert _answered_lines(answers) == ["1", "2", "3", "4"]
    assert _count(answers, "accepted") == 4
    assert "line is full" in remarks[0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_batch_is_sent_again_after_the_seconds_the_services_ask_for(tmp_path: Path, status: int) -> None:
    answers, told, remarks = _send(_placed(tmp_path, "1"), [problem(status, Retry_After="0.1")])
    assert told.requests == [["1"], ["1"]]
    assert _count(answers, "accepted") == 1
    assert f"refused with {status}; waiting 0.1 s" in remarks[0]


def test_a_batch_whose_answer_was_lost_is_sent_again(tmp_path: Path) -> None:
    answers, told, _ = _send(_placed(tmp_path, "1", "2"), [cut, problem(502)])
    assert told.requests == [["1", "2"]] * 3
    assert _answered_lines(answers) == ["1", "2"]


def test_patience_ends(tmp_path: Path) -> None:
    with pytest.raises(ServerAway):
        _send(_placed(tmp_path, "1"), [cut] * 10, patience=0.6)


def test_an_item_for_which_a_batch_is_refused_costs_none_of_its_neighbours(tmp_path: Path) -> None:
    script: Script = [refuse_over(10)] * 20
    answers, _, _ = _send(_placed(tmp_path, *"1234567", "big", "9"), script)
    assert _answered_lines(answers) == [*"1234567", "big", "9"]
    assert (_count(answers, "accepted"), _count(answers, "rejected")) == (8, 1)
    (refused,) = [pair for answered in answers for pair in answered.problems]
    assert refused[0].item.number == 8
    assert refused[1]["status"] == 413


def test_a_batch_too_large_for_the_services_is_halved(tmp_path: Path) -> None:
    answers, told, _ = _send(_placed(tmp_path, *"12345678"), [refuse_over(2)] * 20)
    assert [len(request) for request in told.requests] == [8, 4, 2, 2, 4, 2, 2]
    assert _count(answers, "accepted") == 8


def test_what_is_wrong_with_every_item_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ServerRefused) as refused:
        _send(_placed(tmp_path, "1", "2"), [problem(422)])
    assert refused.value.status == 422


def test_an_answer_with_a_gap_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="1 of 3 items"):
        _send(_placed(tmp_path, "1", "2", "3"), [lambda lines: accepted(lines[:2])])


def test_an_answer_that_is_none_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="none that can be read"):
        _send(_placed(tmp_path, "1"), [lambda _: (200, {}, {"hello": "world"})])


def test_items_that_cannot_be_sent_are_answered_here(tmp_path: Path) -> None:
    (tmp_path / "big.html").write_bytes(b"x" * 2000)
    placed = list(walk(find([str(tmp_path)]), Reading(1000, 1000), io.BytesIO()))
    answers, told, _ = _send(placed, [])
    assert told.requests == []
    ((item, told_problem),) = answers[0].problems
    assert (item.source.name, told_problem["code"]) == (str(tmp_path / "big.html"), "page-too-large")


def test_nobody_there_is_told_with_a_remedy() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(ServerAway) as away:
        client.get("/v1/limits")
    assert "pagemill up" in away.value.remedy
