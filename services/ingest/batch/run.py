"""One batch on its way: items in groups to the ledger, an answer for each."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final, NamedTuple

from pydantic_core import to_json

from services.http.problems import as_refused, problem_fields
from services.ingest.acceptor import GROUP_PAGES
from services.ingest.batch.item import Form, Item
from services.ingest.offers import offer_of
from shared.errors import DependencyUnavailable, Refused
from shared.ledger.carried import Accepted, Offer

COUNTS: Final = ("accepted", "duplicate", "unchanged", "superseded", "rejected", "ignored")
_GROUP_BYTES: Final = 4 * 1024 * 1024
"""Bytes of items in a group; two groups are in memory at once."""


class _Read(NamedTuple):
    at: int
    found: Offer | Refused | None
    """None: no page."""


class BatchRun:
    """The state of one batch.

    Args:
        form: how its items are read.
        accept: takes offers in one step; shorter than what it was given where the line is full.
        line_full: the refusal then.
        errors_only: whether only rejected items are told of one by one.
    """

    def __init__(
        self,
        form: Form,
        accept: Callable[[Sequence[Offer]], list[Accepted]],
        line_full: Callable[[], Refused],
        *,
        errors_only: bool,
    ) -> None:
        self._form = form
        self._accept = accept
        self._line_full = line_full
        self._errors_only = errors_only
        self._counts: Counter[str] = Counter()
        self._results: list[bytes] = []
        self._pages = 0
        self.next_index = 0
        """The first item without an answer."""
        self.stopped: Refused | None = None

    def take(self, group: Sequence[Item]) -> None:
        """Reads a group and offers it to the ledger; blocks, and is called for one group after the other.

        Raises:
            Refused, DependencyUnavailable: nothing of the batch was answered yet, and this is why.
        """
        read = self._read(group)
        try:
            accepted = self._accept([each.found for each in read if isinstance(each.found, Offer)])
            told = self._tell(read, accepted)
            if told < len(read):
                self.next_index = read[told].at
                self.stop(self._line_full())
                return
        except DependencyUnavailable as error:
            self.stop(error)
            return
        self.next_index = read[-1].at + 1 if read else group[0].index
        if len(read) < len(group):
            most = self._form.items_max
            self.stop(Refused("too-many-items", f"A batch has at most {most} items.", limit=self._form.limit))

    def stop(self, error: Exception) -> None:
        """Nothing more is taken from `next_index` on.

        Raises:
            Exception: `error`, where nothing of the batch was answered yet.
        """
        refused = as_refused(error)
        if refused is None or self.next_index == 0:
            raise error
        self.stopped = refused

    def answer(self) -> bytes:
        """The answer to the batch, as JSON."""
        head: dict[str, Any] = {name: self._counts[name] for name in COUNTS}
        head["stopped"] = None
        if self.stopped is not None:
            error = {**problem_fields(self.stopped), "index": self.next_index}
            head["stopped"] = {"index": self.next_index, "error": error}
        return to_json(head)[:-1] + b',"results":[' + b",".join(self._results) + b"]}"

    def _read(self, group: Sequence[Item]) -> list[_Read]:
        """What is in a group, up to the first page that is one too many."""
        read: list[_Read] = []
        for item in group:
            found = self._found(item)
            if found is not None:
                if self._pages == self._form.items_max:
                    break
                self._pages += 1
            read.append(_Read(item.index, found))
        return read

    def _found(self, item: Item) -> Offer | Refused | None:
        if isinstance(item.data, Refused):
            return item.data
        try:
            page = self._form.read(item.data)
        except Refused as refused:
            return refused
        return None if page is None else offer_of(page)

    def _tell(self, read: Sequence[_Read], accepted: Sequence[Accepted]) -> int:
        """Notes an answer for each item up to the first one that the line had no room for; how many were noted."""
        answers = iter(accepted)
        for place, (index, found) in enumerate(read):
            if found is None:
                self._counts["ignored"] += 1
            elif isinstance(found, Refused):
                self._counts["rejected"] += 1
                self._results.append(to_json({"index": index, "error": {**problem_fields(found), "index": index}}))
            elif (answer := next(answers, None)) is None:
                return place
            else:
                self._counts[answer.status] += 1
                if not self._errors_only:
                    told = {"index": index, "id": answer.id, "version": answer.version, "status": answer.status}
                    self._results.append(to_json(told))
        return len(read)


async def groups_of(items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
    """Items side by side; what came before a failure of the source is handed on before it is raised."""
    group: list[Item] = []
    size = 0
    try:
        async for item in items:
            group.append(item)
            size += item.size
            if len(group) == GROUP_PAGES or size >= _GROUP_BYTES:
                yield group
                group, size = [], 0
    except Refused:
        if group:
            yield group
        raise
    if group:
        yield group
