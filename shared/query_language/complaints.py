"""What is said of a mistake: strict mode refuses at the first one, lenient mode warns and reads on."""

from typing import NamedTuple

from shared.errors import Refused
from shared.models.search import Mode, SearchWarning
from shared.query_language.limits import SETTINGS, WARNINGS_MAX
from shared.query_language.tree import Position


class Mistake(NamedTuple):
    """One kind of mistake.

    Args:
        code: of the warning.
        wrong: what is wrong, and what was expected: all that strict mode says.
        instead: how lenient mode reads it.
    """

    code: str
    wrong: str
    instead: str


class Complaints:
    """The mistakes of one query, in order."""

    def __init__(self, mode: Mode) -> None:
        self._strict = mode == "strict"
        self._warnings: list[SearchWarning] = []

    @property
    def warnings(self) -> tuple[SearchWarning, ...]:
        """The first ones; a query of nothing but mistakes needs no more to be understood."""
        return tuple(self._warnings[:WARNINGS_MAX])

    def syntax(self, mistake: Mistake, position: Position) -> None:
        """A mistake in the language.

        Raises:
            Refused: `query-syntax`, in strict mode.
        """
        if self._strict:
            raise Refused("query-syntax", mistake.wrong, position=position)
        self._warn(mistake, position)

    def beyond(self, name: str, mistake: Mistake, position: Position) -> None:
        """A limit, by its name in `Limits`, that the query goes beyond.

        Raises:
            Refused: `query-too-complex`, in strict mode.
        """
        if self._strict:
            raise Refused("query-too-complex", mistake.wrong, position=position, limit=SETTINGS[name])
        if all(warning.code != mistake.code for warning in self._warnings):
            self._warn(mistake, position)

    def _warn(self, mistake: Mistake, position: Position) -> None:
        detail = f"{mistake.wrong} {mistake.instead}"
        self._warnings.append(SearchWarning(code=mistake.code, detail=detail, position=position))
