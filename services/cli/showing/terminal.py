"""What verbs print: for people through Rich, for programs as JSON. Page content is hostile here too.

A title can carry escape sequences that rewrite the terminal, and characters that turn the direction of what follows;
both are taken out before anything is shown, and nothing that came from a page is ever read as markup.
"""

import html
import io
import json
import re
import sys
from typing import Any, Final

from rich.console import Console
from rich.text import Text

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""C0 without tab and newline, DEL, C1, line separators, bidirectional embeddings, overrides and isolates."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_UNBROKEN: Final = 100_000
_MARK: Final = re.compile(r"(</?mark>)")


def plain(text: str) -> str:
    """`text` with nothing in it that a terminal would obey or refuse; tabs and newlines stay."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))


def one_line(text: str) -> str:
    """`plain` text on one line, runs of white space as one space."""
    return " ".join(plain(text).split())


def highlighted(snippet: str, *, signs: bool = False) -> Text:
    """A snippet of the search as Rich text: what stands in `<mark>` stands out, entities become characters.

    Args:
        snippet: safe HTML, as the services give it.
        signs: whether matches stand between asterisks too, for where no style is seen.
    """
    shown, marked = Text(), False
    for piece in _MARK.split(snippet):
        if piece in {"<mark>", "</mark>"}:
            marked = piece == "<mark>"
            shown.append("*" if signs else "")
        else:
            shown.append(_spaced(html.unescape(piece)), "bold yellow" if marked else None)
    return shown


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", plain(text))


def out() -> Console:
    """Where results go; a character that the terminal's encoding lacks is shown as `?`."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return _console(stderr=False)


def err() -> Console:
    """Where progress and remarks go."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    """Nothing is read as markup; lines are broken on terminals only."""
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, width=None if terminal else _UNBROKEN)


def as_json(value: Any) -> str:
    """JSON on one line, readable and safe to show: control characters and lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(f"{_CONTROLS.pattern}|{_SURROGATES.pattern}", lambda found: f"\\u{ord(found.group()):04x}", text)


def print_json(value: Any) -> None:
    """One JSON value as one line on standard output."""
    sys.stdout.write(as_json(value) + "\n")
    sys.stdout.flush()
