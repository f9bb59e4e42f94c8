"""A run that was cut goes on where it was, and leaves nothing out."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.scripted import Answer, Intake, accepted, cut, hang, intake

pytestmark = pytest.mark.processes


def _lines(folder: Path, count: int = 95) -> Path:
    path = folder / "dump.jsonl"
    path.write_text("".join(f"{number}\n" for number in range(count)))
    return path


def _start(told: Intake, home: Path, *arguments: str) -> "subprocess.Popen[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli.main", "post", *arguments],
        env={**kept, "PAGEMILL_URL": told.url, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(told: Intake, home: Path, *arguments: str) -> tuple[int, dict[str, Any], str]:
    process = _start(told, home, "--json", *arguments)
    out, err = process.communicate(timeout=60)
    return process.returncode, json.loads(out) if out else {}, err


def _cut_at(told: Intake, home: Path, batch: int, number: signal.Signals, *arguments: str) -> tuple[int, str]:
    """Runs until this batch is on its way, and ends the client there."""
    process = _start(told, home, *arguments)
    while len(told.requests) < batch:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def test_a_client_that_was_killed_goes_on_behind_the_last_item_that_was_answered(tmp_path: Path) -> None:
    path = _lines(tmp_path)
    with intake([accepted, accepted, accepted, hang]) as told:
        _cut_at(told, tmp_path, 4, signal.SIGKILL, str(path))
        del told.requests[3:]
        code, result, err = _run(told, tmp_path, str(path))
        assert told.taken == [str(number) for number in range(95)]
        assert (code, result["items"], result["earlier"], result["counts"]["accepted"]) == (0, 95, 30, 95)
        assert (result["earlier_counts"]["accepted"], sum(result["earlier_counts"].values())) == (30, 30)
        assert "30 items were answered" in err


@pytest.mark.parametrize("place", [(), ("--resume", "place.json")], ids=["by itself", "named"])
@pytest.mark.parametrize("anew", [(), ("--restart",)], ids=["going on", "anew"])
def test_a_second_run_with_the_same_place_is_told_who_has_it_and_posts_nothing(
    tmp_path: Path, place: tuple[str, ...], anew: tuple[str, ...]
) -> None:
    path = _lines(tmp_path)
    named = [str(tmp_path / each) if each.endswith(".json") else each for each in place]
    arguments = [str(path), *named]
    seen = threading.Event()

    def held_up(lines: list[str]) -> Answer:
        seen.wait(60)
        return cut(lines)

    with intake([accepted, accepted, accepted, held_up]) as told:
        # While the first one is at its fourth batch
        first = _start(told, tmp_path, *arguments)
        while len(told.requests) < 4:
            assert first.poll() is None
            time.sleep(0.01)
        code, result, err = _run(told, tmp_path, *arguments, *anew)
        assert (code, result, len(told.requests)) == (1, {}, 4)
        assert f"process {first.pid} " in err
        # Then the place is the first one's still, and whoever comes when that was killed goes on from it
        first.kill()
        first.communicate(timeout=60)
        seen.set()
        del told.requests[3:]
        code, result, err = _run(told, tmp_path, *arguments)
        assert (code, result["earlier"], result["items"]) == (0, 30, 95)
    assert [left.name for left in tmp_path.rglob("*.json*") if left.name != path.name] == []


def test_after_the_end_the_same_command_posts_all_again(tmp_path: Path) -> None:
    path = _lines(tmp_path, 12)
    with intake([]) as told:
        _run(told, tmp_path, str(path))
        code, result, err = _run(told, tmp_path, str(path))
        assert (code, result["earlier"], result["items"], err) == (0, 0, 12, "")
        assert len(told.taken) == 24


def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    path = _lines(tmp_path)
    with intake([accepted, hang]) as told:
        code, err = _cut_at(told, tmp_path, 2, signal.SIGINT, str(path))
        assert code == 1
        assert "stopped after 10 items" in err
        assert "same command again" in err
        assert "Traceback" not in err


def test_services_that_went_away_are_named_and_so_is_the_way_on(tmp_path: Path) -> None:
    with intake([accepted, *[cut] * 9]) as told:
        code, _, err = _run(told, tmp_path, "--patience", "0.5", str(_lines(tmp_path)))
        assert code == 1
        assert told.url in err
        assert "same command again" in err


def test_restart_begins_anew(tmp_path: Path) -> None:
    path = _lines(tmp_path)
    with intake([accepted, hang]) as told:
        _cut_at(told, tmp_path, 2, signal.SIGKILL, str(path))
        told.requests.clear()
        _, result, _ = _run(told, tmp_path, "--restart", str(path))
        assert (result["earlier"], len(told.taken)) == (0, 95)


@pytest.mark.parametrize("change", ["the file", "the services"])
def test_a_run_begins_anew_where_going_on_would_leave_something_out(tmp_path: Path, change: str) -> None:
    path = _lines(tmp_path)
    with intake([accepted, hang]) as told:
        _cut_at(told, tmp_path, 2, signal.SIGKILL, str(path))
        told.requests.clear()
        if change == "the file":
            path.write_text(path.read_text() + "more\n")
        else:
            told.forgets = True
        _, result, err = _run(told, tmp_path, str(path))
        assert told.taken == path.read_text().splitlines()
        assert result["earlier"] == 0
        assert "beginning anew" in err


def test_a_named_file_keeps_the_place_of_standard_input_too(tmp_path: Path) -> None:
    mark = tmp_path / "place.json"
    with intake([]) as told:
        process = _start(told, tmp_path, "--resume", str(mark), "-")
        process.communicate(timeout=60)
        assert process.returncode == 0
        assert not mark.exists()


def test_rejected_items_are_kept_with_their_place_and_end_in_a_failure(tmp_path: Path) -> None:
    path, errors = _lines(tmp_path, 5), tmp_path / "errors.jsonl"
    path.write_text(path.read_text() + "x" * 3000 + "\n7\n")
    with intake([]) as told:
        code, result, err = _run(told, tmp_path, "--errors", str(errors), str(path))
    assert (code, result["counts"]["accepted"], result["counts"]["rejected"]) == (1, 6, 1)
    (row,) = map(json.loads, errors.read_text().splitlines())
    assert (row["path"], row["line"], row["error"]["code"]) == (str(path), 6, "page-too-large")
    assert "line 6" in err


def test_options_are_sent_as_defaults_of_every_item(tmp_path: Path) -> None:
    with intake([]) as told:
        _run(told, tmp_path, "--source", "my crawl", "--tag", "a", "--tag", "b", str(_lines(tmp_path, 1)))
        assert told.queries == ["source=my+crawl&tags=a&tags=b"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.html"], "there is no missing.html"),
        ([""], "an argument is empty"),
        (["--map", "text", "dump.jsonl"], "--map text"),
        (["--url", "https://a.example/", "dump.jsonl"], "--url"),
        (["--url", "", "page.txt"], "--url: '' is no absolute URL"),
        (["-", "-"], "standard input"),
        ([], "Missing argument"),
        (["--colour", "dump.jsonl"], "No such option"),
    ],
)
def test_wrong_use_ends_with_two_before_anything_is_sent(tmp_path: Path, arguments: list[str], said: str) -> None:
    _lines(tmp_path)
    (tmp_path / "page.txt").write_text("A page.")
    with intake([]) as told:
        arguments = [str(tmp_path / each) if each in {"dump.jsonl", "page.txt"} else each for each in arguments]
        code, _, err = _run(told, tmp_path, *arguments)
    assert (code, told.requests) == (2, [])
    assert said in err


def test_an_entry_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    _lines(folder, 3)
    (folder / "loop").symlink_to(folder / "loop")
    with intake([]) as told:
        code, result, err = _run(told, tmp_path, str(folder))
    assert (code, result["counts"]["accepted"], result["counts"]["rejected"]) == (1, 3, 1)
    assert f"rejected: {folder / 'loop'}: " in err
    assert "Traceback" not in err


@pytest.mark.parametrize("option", ["--resume", "--errors"])
@pytest.mark.parametrize("name", ["dump.jsonl", "link.jsonl"])
def test_an_input_is_never_written_to(tmp_path: Path, option: str, name: str) -> None:
    path = _lines(tmp_path, 5)
    before = path.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(path)
    with intake([]) as told:
        code, _, err = _run(told, tmp_path, option, str(tmp_path / name), str(path))
    assert (code, told.requests, path.read_bytes()) == (2, [], before)
    assert "one of the inputs" in err


@pytest.mark.parametrize("held", [b"my notes\n", b'{"place": null}', b'{"place'])
def test_a_file_that_holds_no_place_is_not_taken_for_one(tmp_path: Path, held: bytes) -> None:
    mark = tmp_path / "notes"
    mark.write_bytes(held)
    with intake([]) as told:
        code, _, err = _run(told, tmp_path, "--resume", str(mark), "--restart", str(_lines(tmp_path, 5)))
    assert (code, told.requests, mark.read_bytes()) == (2, [], held)
    assert "--resume" in err


def test_a_place_has_no_folder_made_for_it_and_shares_no_file_with_what_was_rejected(tmp_path: Path) -> None:
    mark = tmp_path / "missing" / "place"
    path = str(_lines(tmp_path, 5))
    with intake([]) as told:
        code, _, err = _run(told, tmp_path, "--resume", str(mark), path)
        assert (code, mark.parent.exists()) == (1, False)
        assert f"cannot write {mark}" in err
        code, _, err = _run(told, tmp_path, "--resume", str(tmp_path / "new"), "--errors", str(tmp_path / "new"), path)
        assert (code, told.requests, (tmp_path / "new").exists()) == (2, [], False)


def test_an_empty_file_will_do_for_a_place(tmp_path: Path) -> None:
    mark = tmp_path / "place"
    mark.touch()
    with intake([]) as told:
        assert _run(told, tmp_path, "--resume", str(mark), str(_lines(tmp_path, 5)))[0] == 0


@pytest.mark.parametrize("other", [["--source", "another"], ["--tag", "b"], ["--source", "one"]])
def test_a_named_place_is_gone_on_from_with_the_same_options_only(tmp_path: Path, other: list[str]) -> None:
    path, mark = str(_lines(tmp_path)), str(tmp_path / "place")
    with intake([accepted, hang]) as told:
        _cut_at(told, tmp_path, 2, signal.SIGKILL, "--resume", mark, "--source", "one", path)
        del told.requests[1:]
        _, result, err = _run(told, tmp_path, "--resume", mark, *other, path)
    same = other == ["--source", "one"]
    assert (result["earlier"], len(told.taken)) == ((10, 95) if same else (0, 105))
    assert ("beginning anew" in err) is not same
