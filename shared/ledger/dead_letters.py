"""Pages that could not be taken through the house, and what is done with them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from pydantic_core import from_json

from shared.ledger.carried import DeadLetterFilter, DeadLetterGroup, DeadLetterList
from shared.ledger.connection import Argument, Scripts, available
from shared.models.receipt import DeadLetter, Room
from shared.moments import from_ms, to_ms

_STEP = 500
_Place = tuple[int, str]
"""When a letter died, in milliseconds, and which one it is."""


class DeadLetters:
    """The dead letters of the ledger; bodies lie in Redis until the index room has put them into the archive."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def find(self, where: DeadLetterFilter, cursor: str | None = None, size: int = 50) -> DeadLetterList:
        """One page of dead letters that fit, newest first, with groups over all that fit.

        Args:
            where: which.
            cursor: `next` of the page before, which is the place of its last letter: what dies or is let go meanwhile
                moves nothing.
            size: letters at most.

        Raises:
            ValueError: the cursor is not one of ours.
        """
        groups = self.groups(where)
        items: list[DeadLetter] = []
        more = False
        for letter in self._scan(where, _place(cursor) if cursor else None):
            if len(items) == size:
                more = True
                break
            items.append(letter)
        return DeadLetterList(
            total=sum(group.count for group in groups),
            groups=groups,
            items=tuple(items),
            next=_cursor(items[-1]) if more else None,
        )

    def groups(self, where: DeadLetterFilter | None = None) -> tuple[DeadLetterGroup, ...]:
        """How many there are by reason, room and site, the largest first; of all of them without `where`."""
        found: Counter[tuple[str, str, str | None]] = Counter()
        for (reason, stage, site, source), count in self._groups():
            if where is None or _fits({"reason": reason, "room": stage, "site": site, "src": source}, where):
                found[reason, stage, site or None] += count
        return tuple(
            DeadLetterGroup(reason=reason, stage=cast("Room", stage), site=site, count=count)
            for (reason, stage, site), count in found.most_common()
        )

    def get(self, page_id: str) -> DeadLetter | None:
        """The newest dead version of a page."""
        record, _, _ = self._scripts.run("receipt", page_id)
        versions = (from_json(record).get("d") or ()) if record is not None else ()
        if not versions:
            return None
        with available():
            member = f"{page_id}:{max(versions, key=int)}"
            entry: Any = self._scripts.client.hgetall(self._scripts.key(f"d:{member}"))
        return _letter(member, entry) if entry else None

    def members(self, where: DeadLetterFilter) -> list[DeadLetter]:
        """Every dead letter that fits, newest first."""
        return list(self._scan(where))

    def redrive(self, letters: Sequence[DeadLetter], frames: Mapping[tuple[str, int], bytes]) -> list[DeadLetter]:
        """Sends dead letters back to the first room under their own version.

        Args:
            letters: which ones.
            frames: packed bodies from the archive by id and version; a body still in Redis needs none.

        Returns:
            Those that were sent; the others are no dead letters any more, or have no body left.
        """
        arguments: list[Argument] = []
        for letter in letters:
            arguments += [_member(letter), frames.get((letter.id, letter.version), b"")]
        sent = set(self._scripts.run("redrive", *arguments)) if arguments else set()
        return [letter for letter in letters if _member(letter).encode() in sent]

    def discard(self, letters: Sequence[DeadLetter], note: str) -> list[DeadLetter]:
        """Lets dead letters go on purpose; they are counted as dropped, reason `discarded`."""
        told = self._scripts.run("discard", note, *map(_member, letters)) if letters else ()
        return [letter for letter in letters if _member(letter).encode() in set(told)]

    def _groups(self) -> Iterator[tuple[tuple[str, str, str, str], int]]:
        with available():
            told: Any = self._scripts.client.hgetall(self._scripts.key("groups"))
        for key, count in told.items():
            reason, stage, site, source = from_json(key)
            yield (reason, stage, site, source), int(count)

    def _scan(self, where: DeadLetterFilter, behind: _Place | None = None) -> Iterator[DeadLetter]:
        """Those that fit, newest first; of one millisecond in the order of their names."""
        for step in self._members(behind):
            with available():
                pipe = self._scripts.client.pipeline(transaction=False)
                for member in step:
                    pipe.hgetall(self._scripts.key(f"d:{member}"))
                entries = pipe.execute()
            for member, entry in zip(step, entries, strict=True):
                if entry and _fits({k.decode(): v.decode(errors="replace") for k, v in entry.items()}, where):
                    yield _letter(member, entry)

    def _members(self, behind: _Place | None) -> Iterator[list[str]]:
        offset = 0
        while True:
            most = "+inf" if behind is None else behind[0]
            with available():
                window: Any = self._scripts.client.zrevrangebyscore(
                    self._scripts.key("dead"), most, "-inf", start=offset, num=_STEP, withscores=True
                )
            places = [(int(score), member.decode()) for member, score in window]
            yield [member for died, member in places if behind is None or (died, member) < behind]
            if len(window) < _STEP:
                return
            offset = offset + _STEP if places[-1][0] == most else 0
            behind = places[-1]


def _cursor(letter: DeadLetter) -> str:
    return f"{to_ms(letter.died_at)}-{_member(letter)}"


def _place(cursor: str) -> _Place:
    died, _, member = cursor.partition("-")
    return int(died), member


def _member(letter: DeadLetter) -> str:
    return f"{letter.id}:{letter.version}"


def _fits(entry: Mapping[str, str], where: DeadLetterFilter) -> bool:
    asked = {"reason": where.reason, "room": where.stage, "site": where.site, "src": where.source}
    return all(value is None or entry.get(name) == value for name, value in asked.items())


def _letter(member: str, entry: Mapping[bytes, bytes]) -> DeadLetter:
    page_id, version = member.rsplit(":", 1)
    told = {k.decode(): v.decode(errors="replace") for k, v in entry.items()}
    return DeadLetter(
        id=page_id,
        version=int(version),
        url=told["url"] or None,
        site=told["site"] or None,
        source=told["src"] or None,
        stage=told["room"],
        reason=told["reason"],
        detail=told["detail"] or None,
        traceback=told["traceback"] or None,
        attempts=int(told["attempts"]),
        died_at=from_ms(int(told["died"])),
    )
