"""The index as it was at one moment (a point in time), shared by searches and held for those who page through it."""

import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch import ApiError, NotFoundError

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.client import Connection, engine, is_missing
from shared.search.elasticsearch.figures import Figures
from shared.search.port import SnapshotGone

_SPARE_SECONDS: Final = 30.0
"""A view that no cursor holds is kept open for so long, for searches that are still reading it."""
_GONE: Final = frozenset({400, 404})
_SEVERAL: Final = 2
"""Shards of a view that another process opened: nobody says how many, and with several less is taken for certain."""
_NAME: Final = re.compile(r"(?P<taken>\d{1,15})(?:-(?P<idle>\d{1,9}))?\.(?P<pit>.+)", re.ASCII | re.DOTALL)
State = frozenset[tuple[str, int]]
"""Each index and how often it was refreshed: two equal states have the same documents."""


@dataclass
class View:
    """One state of the index.

    Args:
        pit: the engine's name for the point in time.
        taken_ms: milliseconds since 1970; ages of documents are counted from here, so that pages of results agree.
        figures: on words, gathered while it is used: scores stay the same from page to page.
        state: what it was opened in; None where another process opened it.
        idle_seconds: how long it is held for its next use where it is kept; None for those of cursors.
    """

    pit: str
    taken_ms: int
    figures: Figures
    state: State | None = None
    idle_seconds: float | None = None

    @property
    def name(self) -> str:
        """What a cursor calls it; any process can read it by this."""
        kept = "" if self.idle_seconds is None else f"-{int(self.idle_seconds)}"
        return f"{self.taken_ms}{kept}.{self.pit}"


@dataclass
class _Opened:
    """A view that the engine holds for us, when it was last used, and whether a cursor may still ask for it."""

    view: View
    used: float
    held: bool = False


class Views:
    """Opens views, and closes them when they have been idle for `idle_seconds` or are the oldest of too many.

    Args:
        connection: to the engine.
        idle_seconds: how long a view is held for its next use.
        most: views held at once.
        clock: seconds, for the idle time.
        shared: whether other processes may go on with a view that is held here; then the engine closes the idle ones.
    """

    def __init__(
        self, connection: Connection, idle_seconds: float, most: int, clock: Callable[[], float], *, shared: bool
    ) -> None:
        self._connection = connection
        self._idle_seconds = idle_seconds
        self._most = most
        self._clock = clock
        self._shared = shared
        self._lock = threading.Lock()
        self._opened: dict[str, _Opened] = {}
        self._now: View | None = None

    def keep_alive(self, idle_seconds: float | None) -> str:
        """How long the engine holds a view after its last use, which is more than we do; None as in `View`."""
        return f"{int((self._idle_seconds if idle_seconds is None else idle_seconds) + _SPARE_SECONDS)}s"

    def current(self) -> View:
        """The index as it is now; the same view while nothing has changed."""
        self.let_go()
        with engine():
            state = self._state()
            with self._lock:
                if self._now and self._now.state == state:
                    return self._use(self._now)
            opened = self._open(state)
        with self._lock:
            self._now = opened
            return self._use(opened)

    def hold(self, view: View) -> str:
        """Holds a view for a cursor, anew if it is held already; its name."""
        with self._lock:
            self._use(view)
            self._opened[view.name].held = True
            held = [each.view for each in self._opened.values() if each.held and each.view.idle_seconds is None]
            dropped = [self._drop(each) for each in held[: -self._most]]
        self._close(dropped)
        return view.name

    def keep(self, idle_seconds: float) -> tuple[View, str]:
        """A view of its own, which no number of others pushes out, and the index that it is a state of."""
        self.let_go()
        with engine():
            state, indices = self._told()
            view = self._open(state, idle_seconds)
        with self._lock:
            self._use(view)
            self._opened[view.name].held = True
        return view, ",".join(sorted(indices))

    def release(self, name: str) -> None:
        """Closes a kept view, whichever process keeps it."""
        with suppress(SnapshotGone):
            view = self.get(name)
            self.forget(view)
            self._close([view])

    def get(self, name: str) -> View:
        """A held view, which is now no longer idle; one that another process opened is taken over.

        Raises:
            SnapshotGone: it was let go, or is no view's name.
        """
        self.let_go()
        with self._lock:
            if name in self._opened:
                return self._use(self._opened[name].view)
        named = _NAME.fullmatch(name)
        if named is None:
            raise SnapshotGone(name)
        idle_seconds = float(named["idle"]) if named["idle"] else None
        return View(named["pit"], int(named["taken"]), Figures(self._connection, shards=_SEVERAL), None, idle_seconds)

    def let_go(self) -> None:
        """Closes what is idle."""
        now = self._clock()
        with self._lock:
            idle = [each for each in self._opened.values() if each.used <= now - self._may_be_idle(each)]
            dropped = [self._drop(each.view) for each in idle]
        self._close(view for view, each in zip(dropped, idle, strict=True) if not (self._shared and each.held))

    def forget(self, view: View) -> None:
        """The engine does not know this view any more."""
        with self._lock:
            self._drop(view)

    def clear(self) -> None:
        """Closes all."""
        with self._lock:
            dropped = [self._drop(each.view) for each in list(self._opened.values())]
        self._close(dropped)

    def _may_be_idle(self, opened: _Opened) -> float:
        if opened.view.idle_seconds is not None:
            return opened.view.idle_seconds
        return self._idle_seconds if opened.held else _SPARE_SECONDS

    def _use(self, view: View) -> View:
        """Notes that a view is used; the dictionary's order is that of use."""
        before = self._opened.pop(view.name, None)
        self._opened[view.name] = _Opened(view, self._clock(), held=bool(before and before.held))
        return view

    def _drop(self, view: View) -> View:
        """A search that still reads it is begun again, or told that it is gone."""
        self._opened.pop(view.name, None)
        if self._now is view:
            self._now = None
        return view

    def _close(self, views: Iterable[View]) -> None:
        with suppress(DependencyUnavailable):  # the engine lets them go by itself
            for view in views:
                with engine(), suppress(NotFoundError):
                    self._connection.client.close_point_in_time(id=view.pit)

    def _open(self, state: State, idle_seconds: float | None = None) -> View:
        names, alive = self._connection.names, self.keep_alive(idle_seconds)
        told: Any = self._connection.client.open_point_in_time(index=names.read, keep_alive=alive).body
        figures = Figures(self._connection, told.get("_shards", {}).get("total", 1))
        return View(told["id"], int(time.time() * 1000), figures, state, idle_seconds)

    def _state(self) -> State:
        """What the index is in."""
        return self._told()[0]

    def _told(self) -> tuple[State, list[str]]:
        """The state, and the names of the indices. Asked of the engine: another process may have written."""
        filters = "indices.*.uuid,indices.*.total.refresh.external_total"
        names = self._connection.names
        told: Any = self._connection.client.indices.stats(
            index=names.read, metric="refresh", filter_path=filters, forbid_closed_indices=False
        ).body
        indices: dict[str, Any] = told.get("indices", {})
        state = ((index["uuid"], index["total"]["refresh"]["external_total"]) for index in indices.values())
        return frozenset(state), list(indices)


def gone(error: ApiError, name: str) -> Exception:
    """A search of a view has failed: SnapshotGone where the engine does not know the view any more."""
    missing = error.meta.status in _GONE and ("search_context" in str(error.body) or "point in time" in str(error.body))
    return SnapshotGone(name) if missing or is_missing(error) else error
