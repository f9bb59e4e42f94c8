"""What a log line may hold."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from shared.settings import Settings
from shared.telemetry import configure_logging, escaped


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_json_line_has_the_event_its_values_and_what_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"), "ingest")
    structlog.contextvars.bind_contextvars(request_id="r1")
    structlog.get_logger("x").warning("page refused", url="http://a", error=ValueError("bad"))
    told = json.loads(lines(capsys)[0])
    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "page refused",
        "url": "http://a",
        "error": "bad",
        "level": "warning",
        "logger": "x",
        "service": "ingest",
        "request_id": "r1",
    }


def test_libraries_log_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="json"), "ingest")
    logging.getLogger("uvicorn.error").error("port %s taken", 8800)
    told = json.loads(lines(capsys)[0])
    assert (told["event"], told["logger"], told["service"]) == ("port 8800 taken", "uvicorn.error", "ingest")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_page_content_cannot_forge_lines_or_drive_a_terminal(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logging(Settings(log_format=log_format), "ingest")
    hostile = "a\n2026-01-01 error forged\x1b[2J\x9b31m\x7f\u202egnp\ud800"
    structlog.get_logger("x").error("page " + hostile, title=hostile)
    told = lines(capsys)
    assert len(told) == 1
    assert told[0].isascii()
    assert told[0].isprintable()


def test_a_traceback_is_told_without_the_values_of_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="text"), "ingest")
    hidden = "page content"
    try:
        int("\x1b" + str(len(hidden)))
    except ValueError:
        structlog.get_logger("x").exception("broke")
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "ValueError: invalid literal" in told
    assert "page content" not in told.replace('hidden = "page content"', "")


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings(log_format="text", log_level="warning"), "ingest")
    structlog.get_logger("x").info("chatter")
    logging.getLogger("y").info("chatter")
    assert lines(capsys) == []


def test_text_is_for_terminals_and_json_for_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    assert not sys.stderr.isatty()
    configure_logging(Settings(log_format="auto"), "ingest")
    structlog.get_logger("x").info("hello")
    assert json.loads(lines(capsys)[0])["event"] == "hello"


def test_escaping_keeps_what_is_harmless() -> None:
    assert escaped("Zürich, 東京\tx\u2028") == "Zürich, 東京\\tx\\u2028"


def test_a_library_that_was_made_quieter_stays_so(capsys: pytest.CaptureFixture[str]) -> None:
    library = logging.getLogger("trafilatura")
    before = library.level
    library.setLevel(logging.CRITICAL)
    configure_logging(Settings(log_format="json"), "worker")
    logging.getLogger("trafilatura.core").warning("discarding data: None")
    library.setLevel(before)
    assert lines(capsys) == []
