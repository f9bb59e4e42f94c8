"""The services: whether they answer, whether the address is free for them, whether pages move."""

import socket
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx

from services.cli.address import holder, host_and_port, refuse_open
from services.cli.checks.finding import Finding, fail, ok, warn
from services.cli.client import key_header
from services.cli.failure import CommandFailed
from services.supervisor.folder_lock import owner
from shared.settings import Settings

_WATCHED_SECONDS: Final = 3.0
_LEDGER: Final = "/v1/monitor/ledger"
_INDEX: Final = "/v1/monitor/index"


def running(settings: Settings) -> Iterator[Finding]:
    """The address that `pagemill up` owns, or PAGEMILL_URL; else whether the address to come is free."""
    told = owner(settings.data.resolve()) or {}
    address = settings.url or told.get("address")
    if not address:
        yield _free(settings)
        return
    try:
        with httpx.Client(base_url=address, timeout=5, trust_env=False, headers=key_header(settings)) as client:
            yield ok("address", f"{address} answers with {client.get('/healthz').status_code}")
            yield from _readiness(client)
            yield from _ledger(client)
            yield from _kept_index(client)
    except httpx.HTTPError as error:
        yield fail("address", f"{address} does not answer: {error}", f"Look at {settings.data / 'logs'}, services.log.")


def _free(settings: Settings) -> Finding:
    try:
        host, port = host_and_port(settings.listen)
    except CommandFailed as error:
        return fail("address", str(error), error.remedy)
    if port == 0:
        return ok("address", "any free port")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return fail(
                "address",
                f"{settings.listen} cannot be used{holder(port)}: {error.strerror}",
                "Stop what uses it, or choose another by --port or PAGEMILL_LISTEN; port 0 takes any free one.",
            )
    return _reach(settings)


def _reach(settings: Settings) -> Finding:
    """Whether others can reach the address, and whether somebody has wanted that."""
    try:
        refuse_open(settings.model_copy(update={"allow_open": False}))
    except CommandFailed as error:
        return (warn if settings.allow_open else fail)("address", str(error), error.remedy)
    return ok("address", f"{settings.listen} is free")


def _readiness(client: httpx.Client) -> Iterator[Finding]:
    for check in _json(client, "/readyz").get("checks", []):
        name, detail = f"ready: {check.get('name')}", str(check.get("detail") or "")
        if check.get("ok"):
            yield ok(name, detail or "yes")
        else:
            since = check.get("since")
            yield fail(name, f"{detail}, since {since}" if since else detail, "See docs/operations.md.")


def _ledger(client: httpx.Client) -> Iterator[Finding]:
    told = _json(client, _LEDGER)
    if "balanced" not in told:
        yield warn("ledger", "its counts cannot be read here", "Ask the service that answers /v1/monitor/ledger.")
        return
    terms = ", ".join(f"{name} {told[name]:,}" for name in ("accepted", "searchable", "dead", "waiting", "working"))
    if told["balanced"]:
        yield ok("ledger", f"balanced: {terms}")
    else:
        yield fail("ledger", f"the equation does not hold: {terms}", "Keep the data folder as it is and report this.")
    yield from _paused(told)
    yield _moving(client, told)


def _kept_index(client: httpx.Client) -> Iterator[Finding]:
    """An earlier index that could not go live again."""
    for each in _json(client, _INDEX).get("generations", []):
        if each.get("role") == "kept" and each.get("trouble"):
            remedy = (
                "Look at `pagemill index status`: mend or delete these pages, or give the earlier index up by "
                "`pagemill index retire`."
            )
            yield warn("kept index", f"no rollback to {each['name']}: {each['trouble']}", remedy)


def _paused(told: dict[str, Any]) -> Iterator[Finding]:
    """Rooms that somebody has told to hand nothing out; there pages wait on purpose."""
    waiting = ", ".join(f"{name} ({room['waiting']})" for name, room in told["rooms"].items() if room.get("paused"))
    if waiting:
        remedy = (
            "Resume them at /monitor, or by POST /v1/monitor/rooms/ROOM/resume; /v1/monitor/audit says who paused them."
        )
        yield warn("rooms", f"paused, so that pages wait: {waiting}", remedy)


def _moving(client: httpx.Client, before: dict[str, Any]) -> Finding:
    """Alive means that pages leave while pages wait, whatever the processes look like."""
    waiting = {name for name, room in before["rooms"].items() if room["waiting"] and not room.get("paused")}
    until = time.monotonic() + _WATCHED_SECONDS
    while waiting and time.monotonic() < until:
        time.sleep(0.25)
        now = _json(client, _LEDGER)["rooms"]
        waiting = {
            name for name in waiting if now[name]["waiting"] and _left(now[name]) == _left(before["rooms"][name])
        }
    if not waiting:
        return ok("workers", "no room stands still while pages wait")
    rooms = ", ".join(sorted(waiting))
    return warn(
        "workers",
        f"pages wait and none has left for {_WATCHED_SECONDS:.0f} s: {rooms}",
        "Do as `ready: workers` says, else look at the logs of these rooms; where a dependency is away, pages go on "
        "when it is back.",
    )


def _left(room: dict[str, Any]) -> int:
    return int(room["left"] + room["dead"] + room["dropped"])


def _json(client: httpx.Client, path: str) -> dict[str, Any]:
    """The object at a path, whatever its status; empty where there is none."""
    try:
        told = client.get(path).json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
