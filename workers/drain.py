"""Works one room off: leases pages, runs the stage on each, hands them on, until the room is empty or time is up."""

import time
import traceback
from collections.abc import Sequence

from shared.errors import DependencyUnavailable, PageRejected
from shared.ledger.carried import Done, Leased
from shared.models.receipt import Room
from shared.packing import freeze
from shared.sites.blocks import NO_BLOCKS, SiteBlocks
from workers.deadline import page_deadline
from workers.outcome_lines import struck_out, tell_outcome
from workers.runtime import Runtime, log
from workers.site_memory import known_of, learn
from workers.stages import Enriched

Made = tuple[Leased, Enriched | None, bytes, float]


def drain(runtime: Runtime, room: Room) -> int:
    """One task's work in a room that goes page by page (clean, enrich, solo).

    Returns:
        Pages that were taken.

    Raises:
        DependencyUnavailable: the ledger itself is away; its leases run out by themselves.
    """
    settings, ledger = runtime.settings, runtime.ledger
    most = {"clean": settings.clean_batch, "enrich": settings.enrich_batch}.get(room, 1)
    deadline = time.monotonic() + settings.drain_seconds
    taken = 0
    runtime.bell.answer(room)
    while not runtime.breaker(room).opened() and (leases := ledger.take(room, most)):
        taken += len(leases)
        if len(leases) == most:
            runtime.bell.ring(room)  # there is more than one hand can hold
        _work(runtime, room, leases, deadline)
        if time.monotonic() > deadline:
            runtime.bell.ring(room)
            break
    return taken


def _work(runtime: Runtime, room: Room, leases: Sequence[Leased], deadline: float) -> None:
    runtime.at_hand.hold(leases)
    runtime.row.batch(room, len(leases))
    made: list[Made] = []
    sites = known_of(runtime, leases)
    for position, lease in enumerate(leases):
        if position and time.monotonic() > deadline:
            runtime.ledger.return_unharmed(leases[position:], reason="time-up", detail="others took the time")
            break
        runtime.at_hand.begin(position)
        result = _one(runtime, room, lease, NO_BLOCKS if lease.strikes else sites.get(lease.site, NO_BLOCKS))
        if result:
            made.append(result)
    runtime.at_hand.rest()
    _hand_on(runtime, room, made)
    runtime.at_hand.drop()
    runtime.row.done(time.time())


def _one(runtime: Runtime, room: Room, lease: Leased, site: SiteBlocks) -> Made | None:
    """Runs the page's stage; a page that fails goes where its fault sends it, and nothing is made."""
    begun = time.perf_counter()
    try:
        with page_deadline(runtime.settings.page_seconds):
            value = runtime.plan[lease.stage].work(lease, site)
        if isinstance(value, Enriched):
            return lease, value, b"", _ms(begun)
        if value.site_blocks:
            runtime.row.add("site_blocks", len(value.site_blocks))
        return lease, None, freeze(value), _ms(begun)
    except PageRejected as error:
        ms = _ms(begun)
        if runtime.ledger.reject(lease, reason=error.reason, detail=error.detail, ms=ms):
            tell_outcome(runtime.tracing, room, lease, "dead", ms, error.reason)
    except DependencyUnavailable:
        raise
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  (also what native extensions raise when they panic)
        _strike(runtime, room, lease, error, _ms(begun))
    return None


def _strike(runtime: Runtime, room: Room, lease: Leased, error: BaseException, ms: float) -> None:
    told = "".join(traceback.format_exception(error, limit=-30))[-20_000:]
    reason = "out-of-memory" if isinstance(error, MemoryError) else "crashed"
    detail = f"{type(error).__name__}: {error}"
    log.warning("page struck", page=lease.id, version=lease.version, stage=lease.stage, error=detail)
    delay = runtime.settings.retry_first_seconds * 2**lease.strikes
    runtime.ledger.strike([lease], reason=reason, detail=detail, traceback=told, delay_seconds=delay, ms=ms)
    if outcome := struck_out(runtime.settings, room, lease.strikes + 1):
        tell_outcome(runtime.tracing, room, lease, outcome, ms, reason)


def _hand_on(runtime: Runtime, room: Room, made: Sequence[Made]) -> None:
    for stage, step in runtime.plan.items():
        done = [each for each in made if each[0].stage == stage]
        if not done:
            continue
        try:
            told = _with_stories(runtime, done)
            runtime.ledger.advance([Done(lease=lease, frame=frame, ms=ms) for lease, _, frame, ms in told], step.to)
        except DependencyUnavailable as error:
            if error.name == "ledger":
                raise
            delay = runtime.breaker(stage).failed(error.detail)
            runtime.row.failed(error.name)
            log.warning("dependency away", dependency=error.name, detail=error.detail, pages=len(done))
            leases = [each[0] for each in done]
            runtime.ledger.wait_again(leases, reason=f"{error.name}-away", detail=error.detail, delay_seconds=delay)
        else:
            for lease, _, _, ms in done:
                tell_outcome(runtime.tracing, room, lease, "done", ms)
            runtime.breaker(stage).worked()
            runtime.bell.ring(step.to)
            learn(runtime, [(lease, enriched) for lease, enriched, _, _ in told if enriched])


def _with_stories(runtime: Runtime, made: Sequence[Made]) -> Sequence[Made]:
    """Documents get their story here: what workers share is asked outside of the pure stages."""
    enriched = [each for _, each, _, _ in made if each is not None]
    if not enriched:
        return made
    stories = runtime.stories.assign([each.document for each in enriched])
    told = [each.of_story(story) for each, story in zip(enriched, stories, strict=True)]
    return [(lease, each, freeze(each.document), ms) for (lease, _, _, ms), each in zip(made, told, strict=True)]


def _ms(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
