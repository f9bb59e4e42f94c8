"""Logs: one line an event, as JSON or for reading; the lines of libraries come out in the same form."""

import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from shared.settings import Settings

Event = MutableMapping[str, Any]

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What could forge a line, move a cursor or turn the reading direction on a terminal."""
_QUIET: Final = (
    *("httpx", "httpcore", "kombu", "amqp", "elastic_transport"),
    *("trafilatura", "htmldate", "courlan", "charset_normalizer"),
)
"""Libraries that tell of each request or page."""


def configure_logging(settings: Settings, service: str) -> None:
    """Sends every log of this process, those of libraries too, to stderr.

    Args:
        settings: `log_level` and `log_format`.
        service: what this process is, said in every line.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    before = _processors(service)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _exception_as_text,
                _text_line if as_text else _json_line,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _QUIET:
        library = logging.getLogger(name)
        library.setLevel(max(level, logging.WARNING, library.level))
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def escaped(text: str) -> str:
    r"""The text on one line, with control characters spelled out as `\x1b` or `\u2028`."""
    return _CONTROLS.sub(lambda found: _spelled(found.group()), text)


def _spelled(char: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return known.get(char) or (f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}")


def _processors(service: str) -> list[Any]:
    def say_service(_logger: Any, _method: str, event: Event) -> Event:
        event["service"] = service
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        say_service,
    ]


def _exception_as_text(_logger: Any, _method: str, event: Event) -> Event:
    """A traceback becomes the text `exception`; the frames' variables, which hold page content, stay out."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = "".join(traceback.format_exception(error)).rstrip()
    return event


def _json_line(_logger: Any, _method: str, event: Event) -> str:
    """ASCII only, so that no terminal reads more into it than text."""
    return json.dumps(event, default=_spoken).replace("\x7f", "\\u007f")


def _text_line(_logger: Any, _method: str, event: Event) -> str:
    moment, level = event.pop("timestamp", ""), event.pop("level", "info")
    told, exception = event.pop("event", ""), event.pop("exception", None)
    event.pop("logger", None)
    pairs = "".join(f"  {name}={_value(value)}" for name, value in event.items())
    line = f"{moment} {level:<8} {escaped(str(told))}{pairs}"
    if exception:
        line += "".join("\n    " + escaped(each) for each in str(exception).splitlines())
    return line


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else _spoken(value)
    return escaped(f'"{text}"' if " " in text else text)


def _spoken(value: Any) -> str:
    """What a log line shows of a value that JSON has no form for."""
    return str(value) if isinstance(value, str | BaseException) else repr(value)
