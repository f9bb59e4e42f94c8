"""What `pagemill up` prints when it is ready: where everything is."""

import json
import os
from typing import Any

import typer

from services.cli.worker_command import lanes_of, processes_for
from shared.redis_urls import without_password
from shared.settings import Settings


def where(settings: Settings, address: str) -> dict[str, Any]:
    """Where everything is; no passwords in it."""
    return {
        "address": address,
        "page": f"{address}/",
        "monitor": f"{address}/monitor",
        "docs": f"{address}/docs",
        "data": str(settings.data),
        "logs": str(settings.data / "logs"),
        "redis": without_password(settings.redis_url.get_secret_value()) if settings.redis_url else "embedded",
        "search": without_password(settings.search_url.get_secret_value()) if settings.search_url else "embedded",
        "workers": {room: processes_for(room, settings) for room in lanes_of(settings)},
        "pid": os.getpid(),
    }


def announce(facts: dict[str, Any], *, json_line: bool) -> None:
    """Prints it, for a person or for a program."""
    if json_line:
        typer.echo(json.dumps(facts))
        return
    workers = ", ".join(f"{room} {count}" for room, count in facts["workers"].items())
    typer.echo("Pagemill is up. Ctrl-C stops it.")
    for name, text in {**facts, "workers": workers}.items():
        typer.echo(f"  {name:<8} {text}")
