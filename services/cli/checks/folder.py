"""The data folder: whether it can be used, how full its disk is, who owns it, what was left in it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.cli.checks.finding import Finding, fail, ok, warn
from services.supervisor.folder_lock import owner
from services.supervisor.orphans import left_over
from shared import clients
from shared.errors import DependencyUnavailable
from shared.settings import MIB, Settings

_LITTLE_BYTES: Final = 2048 * MIB
_TOO_LITTLE_BYTES: Final = 256 * MIB


def folder(settings: Settings) -> Iterator[Finding]:
    """The data folder and the stores in it, where they are embedded."""
    data = settings.data.resolve()
    if settings.redis_url and settings.search_url:
        return
    yield _usable(data)
    yield _space(data)
    yield _owner(data)
    if settings.search_url is None:
        yield _index(settings)
        yield _archive(settings)


def _usable(data: Path) -> Finding:
    remedy = "Give it to the user that runs `pagemill up`, or choose another by --data or PAGEMILL_DATA."
    if not data.exists():
        parent = _nearest(data)
        if os.access(parent, os.W_OK | os.X_OK):
            return ok("data folder", f"{data} is not there yet; `pagemill up` makes it")
        return fail("data folder", f"{data} is not there, and {parent} cannot be written to", remedy)
    if not data.is_dir():
        return fail("data folder", f"{data} is no folder", remedy)
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return fail("data folder", f"{data} cannot be written to", remedy)
    return ok("data folder", str(data))


def _space(data: Path) -> Finding:
    free = shutil.disk_usage(_nearest(data)).free
    detail = f"{free // MIB:,} MiB free under {_nearest(data)}"
    remedy = "Make room, or move the data folder: on a full disk pages are refused."
    if free < _LITTLE_BYTES:
        return (fail if free < _TOO_LITTLE_BYTES else warn)("disk", detail, remedy)
    return ok("disk", detail)


def _nearest(path: Path) -> Path:
    """The path, or the first folder above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _owner(data: Path) -> Finding:
    if told := owner(data):
        return ok("owner", f"process {told.get('pid')}, which answers on {told.get('address')}")
    if left := left_over(data):
        return warn(
            "owner",
            f"nobody, but a killed predecessor left {', '.join(str(process.pid) for process in left)} running",
            "`pagemill up` ends them before it starts.",
        )
    return ok("owner", "nobody; `pagemill up` is not running")


def _index(settings: Settings) -> Finding:
    if not clients.index_folder(settings).exists():
        return ok("index", "none yet")
    remedy = (
        "While `pagemill up` runs, `pagemill index rebuild --from-raw` makes a new one from its documents and from raw "
        "pages; or stop it, and put the folder back from a backup."
    )
    try:
        index = clients.search_index(settings)
        try:
            healthy, detail = index.healthy()
        finally:
            index.close()
    except DependencyUnavailable as error:
        return fail("index", str(error), remedy)
    return ok("index", detail) if healthy else fail("index", detail, remedy)


def _archive(settings: Settings) -> Finding:
    if not clients.archive_file(settings).exists():
        return ok("archive", "none yet")
    try:
        archive = clients.archive(settings, read_only=True)
        try:
            size = archive.size_bytes()
        finally:
            archive.close()
    except DependencyUnavailable as error:
        return fail("archive", str(error), "Stop `pagemill up`, and put the file back from a backup.")
    return ok("archive", f"{size / MIB:,.1f} MiB of {settings.archive_max_bytes // MIB:,} MiB")
