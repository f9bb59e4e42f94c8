"""What the engine says it has written, line by line: upserts hide a document that is written twice, a log does not."""

import os
from collections.abc import Sequence
from pathlib import Path

from shared.models.document import Document
from shared.search.port import IndexOutcome


def note_writes(file: Path | None, documents: Sequence[Document], outcomes: Sequence[IndexOutcome]) -> None:
    """Adds a line `ID VERSION REVISION` for each document that was written; what was there already is left out.

    Called after the engine has answered. The lines of a call are one write, so a killed process leaves whole lines.

    Args:
        file: where to; None is nowhere.
        documents: what was sent.
        outcomes: what became of each, in the same order.
    """
    if file is None:
        return
    told = zip(documents, outcomes, strict=True)
    lines = [f"{page.id} {page.version} {page.revision}\n" for page, outcome in told if outcome.written]
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(opened, "".join(lines).encode())
    finally:
        os.close(opened)
