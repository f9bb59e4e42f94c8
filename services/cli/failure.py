"""How a verb says that it cannot go on: one line on stderr, what to do about it, an exit code."""

from typing import Final

from shared.errors import PagemillError

FAILED: Final = 1
WRONG_USE: Final = 2


class CommandFailed(PagemillError):
    """A verb could not do what it was asked; `main` prints it, never a traceback.

    Args:
        message: what is wrong, one line.
        remedy: what to do about it, one line.
        code: `FAILED`, or `WRONG_USE` where the arguments or settings are at fault.
    """

    def __init__(self, message: str, remedy: str = "", *, code: int = FAILED) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.code = code
        self.as_json: str | None = None
        """What a program reads on stderr instead, where the verb was asked for JSON."""
