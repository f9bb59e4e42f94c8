"""The truth about every accepted page, in Redis. Each step is atomic and in the server's time; see lua/."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import redis
from pydantic_core import from_json

from shared.breaker import breakers
from shared.errors import DependencyFull
from shared.ledger.audit import Audit
from shared.ledger.carried import ROOMS, Accepted, Counts, Done, Gone, Leased, Offer
from shared.ledger.connection import Argument, Scripts, available
from shared.ledger.dead_letters import DeadLetters
from shared.ledger.errands import Errands
from shared.ledger.history import History
from shared.ledger.home import Homes
from shared.ledger.lacking import Lacking
from shared.ledger.measures import Measures
from shared.ledger.pauses import Pauses
from shared.ledger.present import Presence
from shared.ledger.reading import counts_from, seconds_to_drain
from shared.ledger.rebuilds import Rebuilds
from shared.ledger.receipts import Receipts
from shared.ledger.server import Server
from shared.ledger.walking import Walking
from shared.models.receipt import Room, Stage
from shared.settings import Settings

DAY_MS = 86_400_000

_FORGET_STEP: Final = 100
_HELD_SECONDS: Final = 10.0
"""What senders are told to wait while new pages are held off."""
"""Pages, and versions of them, that one step deletes: about a tenth of what a client waits for."""


class Ledger:
    """All that is known of the pages in the house.

    Args:
        client: from `shared.ledger.connection.connect`.
        settings: prefix, limits, times.

    Every method raises DependencyUnavailable where Redis is away, full or still loading.
    """

    def __init__(self, client: redis.Redis, settings: Settings) -> None:
        self._settings = settings
        kept_ms = max(1, int(settings.receipt_days * DAY_MS))
        self._scripts = Scripts(
            client,
            settings.redis_prefix,
            (kept_ms, settings.shared_tries, settings.solo_tries, settings.outcomes_max),
        )
        self._kept_ms = kept_ms
        self.receipts = Receipts(self._scripts)
        self.dead_letters = DeadLetters(self._scripts)
        self.errands = Errands(self._scripts)
        self.walking = Walking(self._scripts)
        self.homes = Homes(self._scripts)
        self.rebuilds = Rebuilds(self._scripts)
        self.lacking = Lacking(self._scripts)
        self.measures = Measures(self._scripts)
        self.pauses = Pauses(self._scripts)
        self.audit = Audit(self._scripts)
        self.history = History(self._scripts)
        self.presence = Presence(self._scripts)
        self.server = Server(self._scripts)

    def accept(self, offers: Sequence[Offer]) -> list[Accepted]:
        """Takes pages in, in order, in one step.

        Returns:
            One answer each; shorter than `offers` where the line filled: the first one without an answer and all
            behind it were not taken. The first of them says whether a bell is claimed, to be sent by `Bell.send`.
        """
        full = self._scripts.memory_share() >= self._settings.redis_high_water
        pages: list[Argument] = []
        for offer in offers:
            fetched = "" if offer.fetched_us is None else offer.fetched_us
            pages += [offer.id, offer.content_key, fetched, offer.frame]
            pages += [offer.url or "", offer.site or "", offer.source or ""]
            pages += [offer.api_key or "", offer.request_id or "", offer.trace or ""]
        try:
            claimed, *told = self._accept(pages, full=full)
        except DependencyFull:
            self._scripts.note_full()
            claimed, *told = self._accept(pages, full=True)
        answers = zip(offers, told[0::2], told[1::2], [bool(claimed)] + [False] * len(offers), strict=False)
        return [Accepted(id=o.id, version=int(v), status=s.decode(), ring=ring) for o, v, s, ring in answers]

    def _accept(self, pages: Sequence[Argument], *, full: bool) -> Any:
        """The step itself; where Redis is full it has room for no new page, and still knows the others."""
        allowed = (0, 0) if full else (self._settings.line_max_pages, self._settings.line_max_bytes)
        longest_ms = int(self._settings.line_max_seconds * 1000)
        return self._scripts.run("accept", *allowed, longest_ms, *pages, when_full=full)

    def hold_off(self, detail: str, seconds: int) -> None:
        """Takes no new pages in for so long; `detail` is what their senders are told."""
        with available():
            self._scripts.client.set(self._scripts.key("hold"), detail, ex=seconds)

    def let_in(self) -> None:
        """Takes new pages in again."""
        with available():
            self._scripts.client.delete(self._scripts.key("hold"))

    def held_off(self) -> str | None:
        """Why no new pages are taken in at the moment; None where they are."""
        with available():
            told: Any = self._scripts.client.get(self._scripts.key("hold"))
        return told.decode() if told is not None else None

    def take(self, room: Room, most: int, *, bytes_most: int = 1 << 40) -> list[Leased]:
        """Leases up to `most` pages of a room, oldest first; the attempt is counted before the work."""
        lease_ms = int(self._settings.lease_seconds * 1000)
        return [_leased(room, *told) for told in self._scripts.run("take", room, most, bytes_most, lease_ms)]

    def advance(self, done: Iterable[Done], to: Room) -> int:
        """Saves what a room made of its pages and puts them in the next room's line; how many leases still held."""
        arguments: list[Argument] = []
        for each in done:
            arguments += [_member(each.lease), each.lease.token, to, each.frame, round(each.ms, 2)]
        return int(self._scripts.run("advance", *arguments)) if arguments else 0

    def finish(self, done: Iterable[Done]) -> int:
        """Ends pages that the index holds and the archive keeps; how many leases still held."""
        arguments: list[Argument] = []
        for each in done:
            arguments += [_member(each.lease), each.lease.token, each.dropped_for or "", round(each.ms, 2)]
        return int(self._scripts.run("finish", *arguments)) if arguments else 0

    def wait_again(self, leases: Iterable[Leased], *, reason: str, detail: str, delay_seconds: float = 0.0) -> int:
        """A dependency failed: back in line after a delay, no strike against the pages."""
        return self._give_back(leases, delay_seconds, "wait", reason, detail)

    def return_unharmed(self, leases: Iterable[Leased], *, reason: str, detail: str) -> int:
        """Another page stopped the work: back in line at once, no strike, and no attempt at these pages."""
        return self._give_back(leases, 0, "return", reason, detail)

    def strike(  # noqa: PLR0913  (one keyword per part of a dead letter)
        self,
        leases: Iterable[Leased],
        *,
        reason: str,
        detail: str,
        traceback: str = "",
        delay_seconds: float = 0.0,
        ms: float | None = None,
    ) -> int:
        """Something of ours broke over these pages: one strike each. Struck often, a page goes alone, then dies."""
        return self._give_back(leases, delay_seconds, "strike", reason, detail, traceback, ms)

    def suspect(self, leases: Iterable[Leased], *, reason: str, detail: str) -> int:
        """A batch of the index room was lost, over whichever of its pages: back in line at once, and no strike.

        They go again with fewer others; after as many such losses as there are shared tries each goes alone.
        """
        return self._give_back(leases, 0, "suspect", reason, detail)

    def reject(self, lease: Leased, *, reason: str, detail: str, traceback: str = "", ms: float | None = None) -> int:
        """The page itself is at fault: a dead letter at once; `ms` is the work that it took."""
        return self._give_back([lease], 0, "reject", reason, detail, traceback, ms)

    def _give_back(  # noqa: PLR0913  (the script's own arguments)
        self,
        leases: Iterable[Leased],
        delay: float,
        kind: str,
        reason: str,
        detail: str,
        traceback: str = "",
        ms: float | None = None,
    ) -> int:
        arguments: list[Argument] = []
        for lease in leases:
            arguments += [
                _member(lease),
                lease.token,
                int(delay * 1000),
                kind,
                reason,
                _short(detail),
                traceback,
                "" if ms is None else round(ms, 2),
            ]
        return int(self._scripts.run("give_back", *arguments)) if arguments else 0

    def forget(self, page_ids: Sequence[str]) -> dict[str, int]:
        """Deletes pages: tombstone, line and dead letters now, index and archive by the index room's errands.

        Each step is short however many versions a page has; where Redis goes away between two, the pages before are
        deleted, and the same call again deletes the rest.

        Returns:
            The delete's version by id; the same one where the page was deleted already.
        """
        told: list[bytes] = []
        while len(told) < len(page_ids):
            told += self._scripts.run("forget", _FORGET_STEP, *page_ids[len(told) : len(told) + _FORGET_STEP])
        return {page_id: int(version) for page_id, version in zip(page_ids, told, strict=True)}

    def counts(self) -> Counts:
        """Every counter and every line's length, at one moment."""
        return counts_from(*self._scripts.run("counts"))

    def sweep(self) -> list[Room]:
        """Puts pages back whose lease ran out, brings due ones forward, and names the rooms where pages wait."""
        return [room.decode() for room in self._scripts.run("sweep", self._kept_ms)]

    def left_unseen(self, most: int = 100) -> list[tuple[Leased, Gone]]:
        """Pages that left a room because their lease ran out, as the worker knew them, and how; each is told once."""
        with available():
            told: Any = self._scripts.client.lpop(self._scripts.key("untold"), most)
        return [_unseen(*from_json(each)) for each in told or ()]

    def retry_after(self) -> float:
        """Seconds until a tenth of the line is likely to be free, from the rate of the last half minute; 1 to 60.

        Where new pages are held off the line does not tell when that is over, and it is always the same.
        """
        if self.held_off():
            return _HELD_SECONDS
        with available():
            samples: Any = self._scripts.client.lrange(self._scripts.key("drain"), 0, -1)
            seconds, microseconds = self._scripts.client.time()
        counts = self.counts()
        return seconds_to_drain(samples, counts.waiting + counts.working, seconds * 1000 + microseconds // 1000)

    def breakers(self) -> dict[str, tuple[bool, int]]:
        """Of each breaker (`Breaking`), whether it is open and how many failures in a row it remembers."""
        return breakers(self._scripts.client, self._settings.redis_prefix, (*ROOMS, "archive"))

    def memory_share(self) -> float:
        """Share of Redis's maxmemory in use, 0 where there is no limit."""
        return self._scripts.memory_share()

    def ping(self) -> None:
        """Raises DependencyUnavailable unless Redis answers."""
        with available():
            self._scripts.client.ping()


def _unseen(  # noqa: PLR0913  (what the script has written)
    member: str, room: Room, stage: Stage, how: Gone, request_id: str, trace: str
) -> tuple[Leased, Gone]:
    page_id, version = member.rsplit(":", 1)
    lease = Leased(
        id=page_id,
        version=int(version),
        stage=stage,
        token=0,
        strikes=0,
        frame=b"",
        request_id=request_id or None,
        trace=trace or None,
        room=room,
    )
    return lease, how


def _member(lease: Leased) -> str:
    return f"{lease.id}:{lease.version}"


def _leased(  # noqa: PLR0913  (what the script answers)
    room: Room,
    member: bytes,
    stage: bytes,
    token: int,
    strikes: int,
    frame: bytes,
    request_id: bytes,
    trace: bytes,
    site: bytes,
) -> Leased:
    page_id, version = member.decode().rsplit(":", 1)
    return Leased.model_construct(
        id=page_id,
        version=int(version),
        stage=cast("Stage", stage.decode()),
        token=token,
        strikes=strikes,
        frame=frame,
        request_id=request_id.decode() or None,
        trace=trace.decode() or None,
        site=site.decode() or None,
        room=room,
    )


def _short(detail: str) -> str:
    return detail[:1000]
