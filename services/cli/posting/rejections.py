"""Items that were rejected: each as a line of a file, the first few on standard error."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from services.cli.failure import CommandFailed
from services.cli.posting.walking import Placed

_SHOWN: Final = 5


class Rejections:
    """Keeps what was rejected.

    Args:
        path: file that gets `{"path", "line" or "record", "error": PROBLEM}` for each; None: none.
        remark: is told of the first few.
        go_on: whether the file of an earlier run is added to.
    """

    def __init__(self, path: Path | None, remark: Callable[[str], None], *, go_on: bool) -> None:
        self._remark = remark
        self._told = 0
        self._file: IO[str] | None = None
        try:
            self._file = path.open("a" if go_on else "w", encoding="utf-8") if path else None
        except OSError as error:
            raise CommandFailed(f"cannot write {path}: {error.strerror}", "choose another file for --errors") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def add(self, placed: Placed, problem: Mapping[str, Any]) -> None:
        """One item's problem."""
        where = {"path": placed.source.name, **_number(placed)}
        if self._file:
            self._file.write(json.dumps({**where, "error": problem}) + "\n")
            self._file.flush()
        if self._told < _SHOWN:
            at = " ".join(str(part) for pair in where.items() for part in pair).removeprefix("path ")
            pointer = f" ({problem['pointer']})" if problem.get("pointer") else ""
            self._remark(f"rejected: {at}: {problem.get('detail')}{pointer}")
        self._told += 1
        if self._told == _SHOWN + 1 and not self._file:
            self._remark("more were rejected; --errors FILE keeps them all")


def _number(placed: Placed) -> dict[str, int]:
    name = {"lines": "line", "records": "record"}.get(placed.source.kind)
    return {name: placed.item.number} if name else {}
