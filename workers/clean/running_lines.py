"""Lines that stand on each sheet of a document that was printed: its title and the number of the sheet."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from workers.clean.line import Line

_NUMBER = re.compile(r"\d+")
_SHEET = re.compile(
    r"(?:page|seite|página|pagina|strana|strona|sida|side|стр(?:аница|\.)?|p\.)\s*#(?:\s*(?:of|von|de|di|sur|van|av|из|/)\s*#)?",
    re.IGNORECASE,
)
_LEAST: Final = 3
_MOST_WORDS: Final = 20
_WORDS_UNSAID: Final = 4
"""Of a line that has no word for a sheet."""


def running_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Places of lines that are alike but for one number, which counts the sheets; three of them or more.

    Args:
        lines: a page's lines.
    """
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.shape == "text" and line.words <= _MOST_WORDS and _NUMBER.search(line.text):
            alike[_NUMBER.sub("#", line.text)].append(place)
    return frozenset(
        place
        for form, places in alike.items()
        if len(places) >= _LEAST and _is_of_sheets(form) and _counts([lines[place].text for place in places])
        for place in places
    )


def _is_of_sheets(form: str) -> bool:
    if _SHEET.search(form):
        return True
    at_an_end = form.startswith("#") or form.endswith("#")
    return (
        at_an_end
        and form.count("#") == 1
        and sum(map(str.isalpha, (word[0] for word in form.split()))) >= _WORDS_UNSAID
    )


def _counts(texts: Sequence[str]) -> bool:
    """Whether one number goes up by one from line to line, and the others stay."""
    rows = [tuple(map(_as_number, _NUMBER.findall(text))) for text in texts]
    columns = list(zip(*rows, strict=True))
    going = [column for column in columns if len(set(column)) > 1]
    return len(going) == 1 and all(after - before == 1 for before, after in zip(going[0], going[0][1:], strict=False))


def _as_number(digits: str) -> int:
    return int(digits[-9:])
