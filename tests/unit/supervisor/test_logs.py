from pathlib import Path

from services.supervisor.logs import Tail, for_terminal, last_line, open_log, put_aside_if_large


def test_a_log_is_appended_to_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    for text in (b"one\n", b"two\n"):
        with open_log(path) as log:
            log.write(text)
    assert path.read_bytes() == b"one\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_that_has_grown_is_put_aside_and_three_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    for text in ("first", "second", "third", "fourth", "fifth"):
        path.write_text(text)
        assert put_aside_if_large(path, max_bytes=3)
    assert path.read_text() == ""
    assert {older.name: older.read_text() for older in tmp_path.glob("a.log.*")} == {
        "a.log.1": "fifth",
        "a.log.2": "fourth",
        "a.log.3": "third",
    }


def test_a_small_log_and_a_missing_one_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    assert not put_aside_if_large(path, max_bytes=3)
    path.write_text("abc")
    assert not put_aside_if_large(path, max_bytes=3)
    assert path.read_text() == "abc"


def test_who_has_the_log_open_goes_on_writing_to_it(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    with open_log(path) as log:
        log.write(b"before\n")
        put_aside_if_large(path, max_bytes=1)
        log.write(b"after\n")
    assert path.read_bytes() == b"after\n"


def test_the_last_line_is_the_last_that_says_something(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    assert last_line(path) == ""
    path.write_text("Traceback\nValueError: no\n\n  \n")
    assert last_line(path) == "ValueError: no"


def test_a_log_line_cannot_command_the_terminal() -> None:
    shown = for_terminal("\x1b]0;owned\x07 \x9b31m é\t\xff".encode() + b"\xff")
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\x9b" not in shown
    assert "é\t" in shown


def test_a_tail_gives_whole_lines_written_since_it_began(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("old\n")
    tail = Tail(path)
    with path.open("a") as log:
        log.write("new\nha")
        log.flush()
        assert list(tail.lines()) == ["new"]
        log.write("lf\n")
    assert list(tail.lines()) == ["half"]
    assert list(tail.lines()) == []


def test_a_tail_begins_again_where_a_log_was_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("a long line that was there before\n")
    tail = Tail(path)
    put_aside_if_large(path, max_bytes=1)
    path.write_text("short\n")
    assert list(tail.lines()) == ["short"]
