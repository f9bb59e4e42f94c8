"""Where pages are and how they ended, as a person or a client asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json

from shared.ledger.carried import OutcomePage
from shared.ledger.connection import Scripts, available
from shared.ledger.stream_ids import after_id
from shared.models.receipt import Happening, Outcome, Receipt, StageRecord, State
from shared.moments import from_ms

_ROOMS = ("clean", "enrich", "index", "solo")
_LIVE = ("walking", "searchable")


class Receipts:
    """Reads the ledger; never changes it."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def get(self, page_id: str) -> Receipt | None:
        """The receipt of a page's newest accepted version; a deleted page's says so; None where nothing is kept."""
        record, entry, tomb = self._scripts.run("receipt", page_id)
        if record is not None:
            pairs = {k.decode(): v.decode(errors="replace") for k, v in zip(entry[0::2], entry[1::2], strict=True)}
            return _receipt(page_id, from_json(record), pairs)
        if tomb is not None:
            return Receipt(id=page_id, version=int(tomb), state="deleted", reason="deleted")
        return None

    def senders(self, page_ids: Sequence[str]) -> dict[str, str | None]:
        """Who sent each page's newest version, where that one waits, is worked on or searchable.

        Pages whose newest version has ended otherwise, and pages without a receipt, are left out.
        """
        with available():
            told: Any = self._scripts.client.mget([self._scripts.key(f"p:{page}") for page in page_ids])
        records = ((page, from_json(text)) for page, text in zip(page_ids, told, strict=True) if text is not None)
        return {page: known.get("so") for page, known in records if known["n"]["s"] in _LIVE}

    def walking(self, page_id: str, version: int) -> bool:
        """Whether this version is still on its way."""
        with available():
            return bool(self._scripts.client.exists(self._scripts.key(f"e:{page_id}:{version}")))

    def raw(self, page_id: str) -> tuple[int, bytes] | None:
        """Version and packed body of the newest version whose body has not moved to the archive yet."""
        record, _, _ = self._scripts.run("receipt", page_id)
        if record is None:
            return None
        known = from_json(record)
        versions = sorted({*(known.get("w") or ()), *(known.get("d") or ())}, key=int, reverse=True)
        with available():
            for version in versions:
                frame: Any = self._scripts.client.get(self._scripts.key(f"b:{page_id}:{version}"))
                if frame is not None:
                    return int(version), bytes(frame)
        return None

    def outcomes(self, after: str | None = None, count: int = 1000, source: str | None = None) -> OutcomePage:
        """What ended behind the cursor, in order.

        Args:
            after: `OutcomePage.next` of an earlier call; None begins with the oldest kept.
            count: how many to look at; fewer are given where `source` filters.
            source: who sent them; None is anybody.
        """
        start = after_id(after) if after else "-"
        if start is None:
            return OutcomePage(items=(), next=after or "0-0")
        with available():
            told: Any = self._scripts.client.xrange(self._scripts.key("out"), start, "+", count=count)
        items = [(cursor.decode(), _outcome(cursor, entry)) for cursor, entry in told]
        kept = tuple(item for item in items if source is None or item[1].source == source)
        return OutcomePage(items=kept, next=items[-1][0] if items else after or "0-0")


def _outcome(cursor: bytes, entry: Mapping[bytes, bytes]) -> Outcome:
    return Outcome(
        id=entry[b"i"].decode(),
        version=int(entry[b"v"]),
        state=entry[b"s"].decode(),
        reason=entry[b"r"].decode() or None,
        source=entry[b"o"].decode() or None,
        at=from_ms(int(cursor.split(b"-")[0])),
    )


def _receipt(page_id: str, record: dict[str, Any], entry: Mapping[str, str]) -> Receipt:
    newest = record["n"]
    state: State = newest["s"]
    rows = newest.get("tl") or []
    if entry:
        state = "working" if entry["st"] == "l" else "waiting"
        rows = [_row(entry, room) for room in _ROOMS if f"a_{room}" in entry]
    history = from_json(entry["h"]) if "h" in entry else newest.get("h") or ()
    ended = newest.get("e")
    return Receipt(
        id=page_id,
        url=record.get("u"),
        source=record.get("so"),
        version=int(newest["v"]),
        state=state,
        searchable_version=record.get("sv"),
        stage=entry.get("room") if entry else rows[-1][0] if state == "dead" and rows else None,
        accepted_at=from_ms(newest["at"]),
        searchable_at=from_ms(ended) if state == "searchable" else None,
        reason=newest.get("r"),
        stages=tuple(sorted(map(_stage, rows), key=lambda row: row.started_at or from_ms(0))),
        history=tuple(map(_happening, history)),
    )


def _row(entry: Mapping[str, str], room: str) -> list[Any]:
    return [room, *(entry.get(f"{field}_{room}") for field in ("a", "t0", "t1", "ms", "o", "d", "w"))]


def _stage(row: list[Any]) -> StageRecord:
    name, attempts, begun, ended, ms, outcome, detail, *rest = row
    waited = rest[0] if rest else None
    return StageRecord(
        name=name,
        attempts=int(attempts),
        started_at=from_ms(int(begun)) if begun else None,
        finished_at=from_ms(int(ended)) if ended else None,
        ms=_number(ms),
        outcome=outcome or None,
        detail=detail or None,
        waited_ms=_number(waited),
    )


def _number(told: Any) -> float | None:
    return None if told is None or told is False else float(told)


def _happening(told: list[Any]) -> Happening:
    at, what, room, detail, times = told
    return Happening(at=from_ms(int(at)), what=what, room=room, detail=detail or None, times=int(times))
