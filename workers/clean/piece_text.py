"""The raw text of a piece of an HTML page, made readable."""

import re
from typing import Final

BREAK: Final = "\x01"
"""Stands for a line break tag: no decoded page has this sign."""
_NO_WIDTH = str.maketrans("", "", "\u00ad\u200b\ufeff\u2060\u180e")
"""Signs that only say where a word may break; joiners and marks of direction stay, for words are made with them."""
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_BROKEN_LINE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n\s*(?=[{_WIDE}])")


def texts_of(raw: str, *, code: bool) -> list[str]:
    """A piece's text; blank lines made with break tags part it.

    Args:
        raw: as it stands in the page, with BREAK for each break tag.
        code: whether its lines and indents stay.
    """
    if code:
        text = raw.replace(BREAK, "\n").strip("\n").rstrip()
        return [text] if text and not text.isspace() else []
    if BREAK not in raw:
        text = tidy(raw)
        return [text] if text else []
    texts: list[str] = []
    run: list[str] = []
    for part in [*raw.split(BREAK), ""]:
        if line := tidy(part):
            run.append(line)
        elif run:
            texts.append("\n".join(run))
            run = []
    return texts


def tidy(text: str) -> str:
    """In one line, without signs of no width."""
    if not text.isascii():
        text = text.translate(_NO_WIDTH)
        if "\n" in text:
            text = _BROKEN_LINE.sub("", text)
    return " ".join(text.split())
