"""deploy/grafana/dashboards/: what Grafana shows of a mill, made from a few words each.

`make docs` writes them; tests compare, and ask a real Prometheus each question in them.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from tests.architecture.generated_docs import ROOT

FOLDER: Final = ROOT / "deploy" / "grafana" / "dashboards"
_WIDTH: Final = 24
_HEIGHT: Final = 8
_REQUESTS: Final = "pagemill_http_request_seconds_bucket"


class Panel(NamedTuple):
    """One picture: its title, what is asked as (expression, legend), the unit, and whether it is one number."""

    title: str
    asked: Sequence[tuple[str, str]]
    unit: str = "short"
    number: bool = False
    told: str = ""


def _rate(counter: str) -> str:
    return f"rate({counter}[$__rate_interval])"


def _quantile(share: float, histogram: str) -> str:
    return f"histogram_quantile({share}, sum by (room, le) (rate({histogram}_bucket[$__rate_interval])))"


MILL: Final = (
    Panel("Balanced", [("min(pagemill_ledger_balanced)", "")], number=True, told="1: each page is somewhere."),
    Panel("Searchable", [("max(pagemill_ledger_finished_total)", "")], number=True),
    Panel("In the line", [("max(pagemill_ledger_waiting) + max(pagemill_ledger_leased)", "")], number=True),
    Panel("Dead letters", [("max(pagemill_ledger_dead)", "")], number=True),
    Panel(
        "Pages a second",
        [
            ("max(rate(pagemill_ledger_accepted_total[$__rate_interval]))", "accepted"),
            ("max(rate(pagemill_ledger_finished_total[$__rate_interval]))", "searchable"),
        ],
    ),
    Panel("Waiting, by room", [("max by (room) (pagemill_room_waiting)", "{{room}}")]),
    Panel("Oldest page, by room", [("max by (room) (pagemill_room_oldest_seconds)", "{{room}}")], "s"),
    Panel("Out of each room, a second", [(f"max by (room) ({_rate('pagemill_room_left_total')})", "{{room}}")]),
    Panel(
        "Work on a page",
        [
            (_quantile(0.5, "pagemill_room_work_seconds"), "{{room}} p50"),
            (_quantile(0.95, "pagemill_room_work_seconds"), "{{room}} p95"),
        ],
        "s",
    ),
    Panel(
        "Wait before a room",
        [
            (_quantile(0.5, "pagemill_room_wait_seconds"), "{{room}} p50"),
            (_quantile(0.95, "pagemill_room_wait_seconds"), "{{room}} p95"),
        ],
        "s",
    ),
    Panel(
        "Deaths a minute, by reason",
        [(f"60 * sum by (reason) (max by (room, reason) ({_rate('pagemill_pages_died_total')}))", "{{reason}}")],
    ),
    Panel(
        "Tries that failed a minute, by reason",
        [(f"60 * max by (room, reason) ({_rate('pagemill_tries_failed_total')})", "{{room}} {{reason}}")],
    ),
    Panel("Dropped, by reason", [("max by (reason) (pagemill_ledger_dropped_total)", "{{reason}}")]),
    Panel("The intake's state", [("max by (state) (pagemill_intake_state)", "{{state}}")]),
    Panel(
        "The line, of what it may be",
        [
            ("max(pagemill_intake_line_pages_ratio)", "pages"),
            ("max(pagemill_intake_line_bytes_ratio)", "bytes"),
        ],
        "percentunit",
    ),
)

MACHINES: Final = (
    Panel("Workers, by room", [("max by (room) (pagemill_workers)", "{{room}}")]),
    Panel("Pages in hand", [("sum by (room) (pagemill_worker_pages)", "{{room}}")]),
    Panel("Pool processes that hold pages", [("sum by (room) (pagemill_worker_active)", "{{room}}")]),
    Panel("Memory of workers", [("sum by (room) (pagemill_worker_memory_bytes)", "{{room}}")], "bytes"),
    Panel("Memory of services", [('pagemill_process_resident_memory_bytes{job="pagemill"}', "{{instance}}")], "bytes"),
    Panel("Pool processes replaced", [("sum by (room) (increase(pagemill_worker_restarts_total[1h]))", "{{room}}")]),
    Panel(
        "Seconds since a batch was finished",
        [("time() - max by (room) (pagemill_worker_progress_timestamp_seconds > 0)", "{{room}}")],
        "s",
    ),
    Panel(
        "Pages in a batch",
        [
            (_quantile(0.5, "pagemill_batch_pages"), "{{room}} p50"),
            (_quantile(0.95, "pagemill_batch_pages"), "{{room}} p95"),
        ],
    ),
    Panel(
        "Writing a batch to the index",
        [
            (
                f"histogram_quantile({q}, sum by (le) ({_rate('pagemill_index_write_seconds_bucket')}))",
                name,
            )
            for q, name in ((0.5, "p50"), (0.95, "p95"))
        ],
        "s",
    ),
    Panel(
        "Failures of what workers need",
        [("sum by (dependency) (rate(pagemill_dependency_failures_total[$__rate_interval]))", "{{dependency}}")],
    ),
    Panel("Breakers open", [("max by (room) (pagemill_breaker_open)", "{{room}}")]),
    Panel(
        "Memory of Redis",
        [("max(pagemill_redis_memory_bytes)", "held"), ("max(pagemill_redis_memory_max_bytes)", "may be")],
        "bytes",
    ),
    Panel("Documents in the index", [("max(pagemill_index_documents)", "documents")]),
    Panel(
        "The index's disk",
        [("min(pagemill_index_disk_free_bytes)", "free"), ("min(pagemill_index_disk_bytes)", "in all")],
        "bytes",
    ),
)

ANSWERS: Final = (
    Panel(
        "Requests a second, by status",
        [("sum by (status) (rate(pagemill_http_requests_total[$__rate_interval]))", "{{status}}")],
    ),
    Panel(
        "Seconds of a request, p95",
        [
            (
                f"histogram_quantile(0.95, sum by (method, route, le) ({_rate(_REQUESTS)}))",
                "{{method}} {{route}}",
            )
        ],
        "s",
    ),
    Panel(
        "The engine's work for a search",
        [
            (
                f"histogram_quantile({q}, sum by (le) (rate(pagemill_search_engine_seconds_bucket[$__rate_interval])))",
                name,
            )
            for q, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
        ],
        "s",
    ),
    Panel(
        "Processor seconds a second",
        [('rate(pagemill_process_cpu_seconds_total{job=~"pagemill.*"}[$__rate_interval])', "{{job}} {{instance}}")],
    ),
)

BOARDS: Final = {
    "mill": ("Pagemill: pages", MILL),
    "machines": ("Pagemill: workers and stores", MACHINES),
    "answers": ("Pagemill: requests and searches", ANSWERS),
}


def files() -> dict[str, str]:
    """Each file's text by its name."""
    return {f"{name}.json": json.dumps(_board(name, *told), indent=1) + "\n" for name, told in BOARDS.items()}


def questions() -> Iterator[str]:
    """Every expression of every dashboard."""
    for _, panels in BOARDS.values():
        for panel in panels:
            yield from (expression for expression, _ in panel.asked)


def _board(name: str, title: str, panels: Sequence[Panel]) -> dict[str, Any]:
    return {
        "uid": f"pagemill-{name}",
        "title": title,
        "tags": ["pagemill"],
        "schemaVersion": 41,
        "editable": True,
        "refresh": "15s",
        "time": {"from": "now-3h", "to": "now"},
        "panels": [_panel(at + 1, panel, *place) for at, (panel, place) in enumerate(_placed(panels))],
    }


def _placed(panels: Sequence[Panel]) -> Iterator[tuple[Panel, tuple[int, int, int]]]:
    """Numbers four in a row, pictures two; with column, row and width."""
    column = row = 0
    for panel in panels:
        width = _WIDTH // (4 if panel.number else 2)
        if column + width > _WIDTH:
            column, row = 0, row + _HEIGHT
        yield panel, (column, row, width)
        column += width


def _panel(number: int, panel: Panel, column: int, row: int, width: int) -> dict[str, Any]:
    return {
        "id": number,
        "type": "stat" if panel.number else "timeseries",
        "title": panel.title,
        "description": panel.told,
        "datasource": {"type": "prometheus", "uid": "pagemill"},
        "gridPos": {"x": column, "y": row, "w": width, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + at), "expr": expression, "legendFormat": legend or "__auto"}
            for at, (expression, legend) in enumerate(panel.asked)
        ],
    }


def main() -> None:
    """Writes the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
