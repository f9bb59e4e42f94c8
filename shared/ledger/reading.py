"""The ledger's answers, read into values."""

from collections.abc import Sequence
from typing import Final

from pydantic_core import from_json

from shared.ledger.carried import Counts, RoomCounts

_RATE_MS: Final = 30_000


def counts_from(counters: Sequence[bytes], rooms: Sequence[bytes | int], dead: int, stood_ms: bytes) -> Counts:
    """What `counts.lua` answers, as one value."""
    numbers = {k.decode(): int(v) for k, v in zip(counters[0::2], counters[1::2], strict=True)}
    by_room = {}
    for name, waiting, working, oldest_ms, paused in zip(*(rooms[at::5] for at in range(5)), strict=True):
        room = name.decode() if isinstance(name, bytes) else str(name)
        by_room[room] = RoomCounts(
            entered=numbers.get(f"in:{room}", 0),
            left=numbers.get(f"out:{room}", 0),
            waiting=int(waiting),
            working=int(working),
            dead=numbers.get(f"dead:{room}", 0),
            dropped=numbers.get(f"gone:{room}", 0),
            deleted=numbers.get(f"deleted:{room}", 0),
            oldest_seconds=int(oldest_ms) / 1000,
            paused=bool(int(paused)),
        )
    return Counts(
        accepted=numbers.get("accepted", 0),
        searchable=numbers.get("finished", 0),
        dead=dead,
        dropped={k.removeprefix("dropped:"): v for k, v in numbers.items() if k.startswith("dropped:")},
        waiting=sum(room.waiting for room in by_room.values()),
        working=sum(room.working for room in by_room.values()),
        waiting_bytes=numbers.get("bytes", 0),
        stood_seconds=int(stood_ms) / 1000,
        rooms=by_room,
    )


def seconds_to_drain(samples: Sequence[bytes], in_line: int, now_ms: int) -> float:
    """Seconds until a tenth of the line has drained, 1 to 60; 5 where no rate is known yet.

    The rate is that of the last half minute up to now: a line that has stood still for so long has none, whatever it
    was before.

    Args:
        samples: `[ms, pages ended so far]` as JSON, oldest first; none is taken while nothing ends.
        in_line: pages waiting or worked on.
        now_ms: by the clock that the samples were taken by.
    """
    told: list[tuple[int, int]] = [from_json(sample) for sample in samples]
    if len(told) < 2:
        return 5.0
    begin_ms = now_ms - _RATE_MS
    before = [ended for at, ended in told if at <= begin_ms]
    first_ms, first = (begin_ms, before[-1]) if before else told[0]
    rate = (told[-1][1] - first) / max(1.0, (now_ms - first_ms) / 1000)
    return min(60.0, max(1.0, in_line / 10 / rate)) if rate > 0 else 60.0
