"""Pages that could not be taken through the house, and what is done with them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from shared.ledger.carried import DeadLetterFilter, DeadLetterGroup, DeadLetterList
from shared.ledger.connection import Argument, Scripts, available
from shared.models.receipt import DeadLetter
from shared.moments import from_ms

_STEP = 500


class DeadLetters:
    """The dead letters of the ledger; bodies lie in Redis until the index room has put them into the archive."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def find(self, where: DeadLetterFilter, cursor: str | None = None, size: int = 50) -> DeadLetterList:
        """One page of dead letters that fit, newest first, with groups over all that fit.

        Raises:
            ValueError: the cursor is not one of ours.
        """
        groups: Counter[tuple[str, str, str | None]] = Counter()
        for (reason, stage, site, source), count in self._groups():
            if _fits({"reason": reason, "room": stage, "site": site, "src": source}, where):
                groups[reason, stage, site or None] += count
        items: list[DeadLetter] = []
        after = None
        for position, letter in self._scan(where, int(cursor or 0)):
            if len(items) == size:
                after = str(position)
                break
            items.append(letter)
        return DeadLetterList(
            total=sum(groups.values()),
            groups=tuple(
                DeadLetterGroup(reason=reason, stage=stage, site=site, count=count)
                for (reason, stage, site), count in groups.most_common()
            ),
            items=tuple(items),
            next=after,
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
        return [letter for _, letter in self._scan(where, 0)]

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

    def _scan(self, where: DeadLetterFilter, start: int) -> Iterator[tuple[int, DeadLetter]]:
        while True:
            with available():
                members: Any = self._scripts.client.zrevrange(self._scripts.key("dead"), start, start + _STEP - 1)
                pipe = self._scripts.client.pipeline(transaction=False)
                for member in members:
                    pipe.hgetall(self._scripts.key(f"d:{member.decode()}"))
                entries = pipe.execute()
            for offset, (member, entry) in enumerate(zip(members, entries, strict=True)):
                if entry and _fits({k.decode(): v.decode(errors="replace") for k, v in entry.items()}, where):
                    yield start + offset, _letter(member.decode(), entry)
            if len(members) < _STEP:
                return
            start += _STEP


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
