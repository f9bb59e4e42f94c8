"""Sends batches until every item of them is answered."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.cli.client import Client, ServerAway, ServerRefused, waited
from services.cli.failure import CommandFailed
from services.cli.posting.batches import content_type_of
from services.cli.posting.tally import STATUSES
from services.cli.posting.walking import Placed

_BATCH: Final = "/v1/pages/batch"
_HALVED: Final = {400, 413}
"""Problems of a whole batch that one item of it may have caused."""
_LATER: Final = {429, 503}
"""The services are there, and ask to be asked again."""
_SILENT: Final = {408, 502, 504}
"""As good as no answer: the body came too slowly, or a gateway found nobody behind it."""
_LEAST_ROOM: Final = 50
"""Items that are sent at once where the line is full; the services take so many in one step."""
_AMPLE_ROOM: Final = 10_000
_LONGEST: Final = 10.0
"""Seconds between two tries, where the services name none."""


@dataclass(frozen=True)
class Answered:
    """Items that have been answered, in order; `results` has one entry each of those that were sent and not ignored."""

    items: Sequence[Placed]
    counts: dict[str, int]
    results: Sequence[Mapping[str, Any]]

    @property
    def problems(self) -> Iterator[tuple[Placed, Mapping[str, Any]]]:
        """The items that were rejected, each with its problem."""
        for result in self.results:
            if "error" in result:
                yield self.items[min(result["index"], len(self.items) - 1)], result["error"]


class Sender:
    """Posts batches, and waits where the services ask for it.

    Args:
        client: of the services.
        defaults: query parameters, for all items.
        patience: seconds to go on trying while nothing answers.
        remark: is told why it waits.
    """

    def __init__(
        self, client: Client, defaults: Mapping[str, Any], patience: float, remark: Callable[[str], None]
    ) -> None:
        self._client = client
        self._defaults = defaults
        self._patience = patience
        self._remark = remark
        self._pause = 0.0
        self._room = 0

    def send(self, batch: Sequence[Placed]) -> Iterator[Answered]:
        """The answers to a batch, in order, until no item of it is left without one.

        A batch that is refused for something in it is halved until the item is found that it was refused for.

        Raises:
            ServerRefused: what was asked is wrong for every item.
            ServerAway: nothing answered for as long as patience lasts.
        """
        parts = deque([batch])
        while parts:
            part = parts.popleft()
            if self._room and len(part) > self._room:
                parts.appendleft(part[self._room :])
                part = part[: self._room]
            if not part[0].item.data:
                yield _unsent(part)
                continue
            try:
                told = self._asked(part)
            except ServerRefused as refused:
                if len(part) == 1 and refused.status in _HALVED:
                    yield _rejected(part, refused.problem)
                else:
                    parts.extendleft(reversed(self._again(part, refused)))
                continue
            taken = len(part) if told["stopped"] is None else told["stopped"]["index"]
            if taken:
                yield _answered(part[:taken], told)
            if taken < len(part):
                parts.appendleft(part[taken:])
            self._pace(taken, told["stopped"])

    def _again(self, part: Sequence[Placed], refused: ServerRefused) -> Sequence[Sequence[Placed]]:
        """How to send again what was refused as a whole: later, or in halves."""
        if refused.status in _HALVED:
            return part[: len(part) // 2], part[len(part) // 2 :]
        if refused.status not in _LATER:
            raise refused
        self._room = _LEAST_ROOM
        self._wait(str(refused), refused.retry_after)
        return (part,)

    def _pace(self, taken: int, stopped: Mapping[str, Any] | None) -> None:
        """Waits where the line is full; then sends as much as it had room for, and more as long as that goes well."""
        if taken:
            self._pause = 0.0
        if stopped is None:
            self._room = 2 * self._room if self._room < _AMPLE_ROOM else 0
        elif stopped["error"]["status"] in _LATER:
            self._room = max(_LEAST_ROOM, 2 * taken)
            self._wait(str(stopped["error"]["title"]), None)

    def _asked(self, part: Sequence[Placed]) -> Mapping[str, Any]:
        """The answer to one request; made again where the connection was lost."""
        body = b"".join(placed.item.data for placed in part)
        silent_since: float | None = None
        while True:
            try:
                told = self._client.send(_BATCH, body, content_type_of(part[0]), self._defaults)
                return _checked(told, part)
            except ServerAway as away:
                silent_since = self._wait_for_it(away, silent_since)
            except ServerRefused as refused:
                if refused.status not in _SILENT:
                    raise
                silent_since = self._wait_for_it(refused, silent_since)

    def _wait_for_it(self, error: CommandFailed, silent_since: float | None) -> float:
        """Waits while nothing answers, as long as patience lasts; since when nothing has."""
        since = silent_since or time.monotonic()
        if time.monotonic() - since > self._patience:
            raise error
        self._wait(str(error), None)
        return since

    def _wait(self, why: str, seconds: float | None) -> None:
        self._pause = min(_LONGEST, max(0.5, self._pause * 1.5))
        pause = self._pause if seconds is None else seconds
        self._remark(f"{why}; waiting {pause:.1f} s")
        waited(pause)


def _checked(told: Any, part: Sequence[Placed]) -> Mapping[str, Any]:
    """The answer, if it is one for every item; a gap must not look like success."""
    try:
        stopped = told["stopped"]
        expected = len(part) if stopped is None else int(stopped["index"])
        answered = sum(int(told[status]) for status in STATUSES)
    except (KeyError, TypeError, ValueError):
        raise CommandFailed("the answer to a batch is none that can be read", "is PAGEMILL_URL right?") from None
    if answered < expected:
        raise CommandFailed(f"{expected - answered} of {expected} items were not answered", "post the rest again")
    return dict(told)


def _answered(items: Sequence[Placed], told: Mapping[str, Any]) -> Answered:
    return Answered(items, {status: int(told[status]) for status in STATUSES}, told["results"])


def _unsent(part: Sequence[Placed]) -> Answered:
    results = [
        {"index": index, "error": placed.item.problem.model_dump(exclude_none=True)}
        for index, placed in enumerate(part)
        if placed.item.problem
    ]
    return Answered(part, {"rejected": len(results), "ignored": len(part) - len(results)}, results)


def _rejected(part: Sequence[Placed], problem: Mapping[str, Any]) -> Answered:
    return Answered(part, {"rejected": 1}, [{"index": 0, "error": problem}])
