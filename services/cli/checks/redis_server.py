"""The Redis that holds the ledger: whether it answers, and whether it keeps what it was given."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.cli.checks.finding import Finding, fail, ok, warn
from services.cli.durability import WANTED, possible_loss
from services.cli.running_redis import with_redis
from services.supervisor.folder_lock import owner
from shared import clients
from shared.errors import DependencyUnavailable
from shared.ledger.connection import available
from shared.redis_urls import redis_url, without_password
from shared.settings import MIB, Settings

_OLDEST: Final = 7
_SKEW_SECONDS: Final = 5.0


def redis_server(settings: Settings) -> Iterator[Finding]:
    """The server that is set, or the embedded one while `pagemill up` runs."""
    remedy = "Start it, or mend PAGEMILL_REDIS_URL."
    if settings.redis_url is None:
        up = owner(settings.data.resolve())
        if up is None or "redis_url" not in up:
            why = "not running, as `pagemill up` is not" if up is None else "`pagemill up` is about to start it"
            yield ok("redis", f"embedded; {why}")
            return
        log = settings.data.resolve() / "logs" / "valkey.log"
        remedy = f"`pagemill up` starts it again and again: {log} says what it lacks, most often room on its disk."
    settings = with_redis(settings)
    try:
        yield from _look(settings)
    except DependencyUnavailable as error:
        shown = without_password(redis_url(settings))
        yield fail("redis", f"{shown}: {error.detail}", remedy)


def _look(settings: Settings) -> Iterator[Finding]:
    with clients.redis_client(settings) as client, available():
        told: Any = client.info()
        seconds, micros = client.time()
    yield _server(told, without_password(redis_url(settings)))
    yield _memory(told, settings)
    yield _disk(told)
    yield _skew(float(seconds) + float(micros) / 1e6)
    yield _keeping(settings)


def _server(told: Mapping[str, Any], shown: str) -> Finding:
    version = str(told.get("redis_version", "unknown"))
    detail = f"{shown}, Valkey {told['valkey_version']}" if "valkey_version" in told else f"{shown}, Redis {version}"
    major = version.partition(".")[0]
    if major.isdecimal() and int(major) < _OLDEST:
        return fail("redis", detail, f"Use Redis {_OLDEST} or newer, or Valkey.")
    if told.get("cluster_enabled"):
        return fail("redis", f"{detail}, a cluster", "Use a server of its own: a step of the ledger touches many keys.")
    return ok("redis", detail)


def _keeping(settings: Settings) -> Finding:
    try:
        loss = possible_loss(settings)
    except DependencyUnavailable:
        lines = ", ".join(f"{name} {value}" for name, (value, _) in WANTED.items())
        return warn("durability", "the server does not tell its settings", f"See to it that it has {lines}.")
    if loss:
        return fail("durability", loss.detail, loss.remedy)
    return ok("durability", "every accepted page is on disk before it is answered; nothing is evicted")


def _memory(told: Mapping[str, Any], settings: Settings) -> Finding:
    used, limit = int(told.get("used_memory") or 0), int(told.get("maxmemory") or 0)
    if not limit:
        return warn(
            "redis memory",
            f"{used // MIB:,} MiB in use, without a limit",
            "Set maxmemory, so that new pages get 429 before the machine has no memory left.",
        )
    share, detail = used / limit, f"{used // MIB:,} of {limit // MIB:,} MiB in use"
    if share >= settings.redis_high_water:
        return fail(
            "redis memory",
            f"{detail}, over PAGEMILL_REDIS_HIGH_WATER ({settings.redis_high_water:.0%}): new pages get 429",
            "Let the workers drain the line, add workers, or raise maxmemory (embedded: PAGEMILL_REDIS_MEMORY_MIB).",
        )
    return ok("redis memory", detail)


def _disk(told: Mapping[str, Any]) -> Finding:
    if told.get("aof_last_write_status", "ok") != "ok" or told.get("aof_last_bgrewrite_status", "ok") != "ok":
        return fail("redis disk", "the last write to the append-only file failed", "Look at its disk and its log.")
    return ok("redis disk", "the append-only file is written")


def _skew(server: float) -> Finding:
    skew = abs(server - time.time())
    if skew > _SKEW_SECONDS:
        return warn(
            "redis clock", f"{skew:.0f} s away from this machine's", "Keep both right by NTP: the server's dates pages."
        )
    return ok("redis clock", "agrees with this machine's")
