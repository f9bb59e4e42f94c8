from dataclasses import dataclass

from shared.errors import CODES, DOCS
from shared.models.problem import Problem


@dataclass(frozen=True, slots=True)
class Item:
    """One page, line or record, as it is sent.

    `offset` is where the next one begins, in the file or in what the file inflates to; `number` counts items of the
    input from 1 (lines: blank ones too); `raw` is how much of the file itself has been read. An item with a `problem`
    cannot be sent; one with neither data nor problem need not be.
    """

    data: bytes
    offset: int
    number: int
    raw: int
    problem: Problem | None = None


def problem(code: str, detail: str, limit: str | None = None) -> Problem:
    """A problem that was found before anything was sent, in the services' own terms."""
    status, title = CODES[code]
    return Problem(type=DOCS + code, title=title, status=status, detail=detail, code=code, limit=limit)
