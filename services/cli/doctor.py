import dataclasses
import json as json_text
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.data_folder import DataFolder
from services.cli.failure import FAILED
from services.cli.showing.terminal import one_line
from shared.settings import Settings
from shared.telemetry import configure_logging

if TYPE_CHECKING:
    from services.cli.checks.finding import Finding


def doctor(
    data: DataFolder = None,
    json: Annotated[bool, typer.Option("--json", help="The findings as one JSON object.")] = False,
) -> None:
    """Looks at an installation; says what is wrong and what to do about it. Exits 1 where something fails."""
    from services.cli.checks.readable import readable  # noqa: PLC0415  (other verbs start faster without)

    settings, wrong = readable(data)
    configure_logging(settings.model_copy(update={"log_level": "error"}), "doctor")
    findings = []
    for finding in chain(wrong, _findings(settings)):
        findings.append(finding)
        if not json:
            _show(finding)
    failed = any(finding.status == "fail" for finding in findings)
    if json:
        worst = "fail" if failed else "warn" if any(finding.status == "warn" for finding in findings) else "ok"
        told = {"status": worst, "findings": [dataclasses.asdict(finding) for finding in findings]}
        typer.echo(json_text.dumps(told, ensure_ascii=False))
    raise typer.Exit(FAILED if failed else 0)


def _findings(settings: Settings) -> "Iterator[Finding]":
    from services.cli.checks.folder import folder  # noqa: PLC0415  (other verbs start faster without)
    from services.cli.checks.ledger_files import ledger_files  # noqa: PLC0415  (other verbs start faster without)
    from services.cli.checks.machine import machine  # noqa: PLC0415  (other verbs start faster without)
    from services.cli.checks.redis_server import redis_server  # noqa: PLC0415  (other verbs start faster without)
    from services.cli.checks.running import running  # noqa: PLC0415  (other verbs start faster without)
    from services.cli.checks.search_engine import search_engine  # noqa: PLC0415  (other verbs start faster without)

    for check in (machine, folder, ledger_files, redis_server, search_engine, running):
        yield from check(settings)


def _show(finding: "Finding") -> None:
    typer.echo(f"{finding.status:<5} {finding.name:<16} {one_line(finding.detail)}")
    if finding.remedy:
        typer.echo(f"{'':<22} {finding.remedy}")
