import os
import subprocess
import sys
from pathlib import Path


def pagemill(*arguments: str, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, with these settings and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAGEMILL_")}
    given = {f"PAGEMILL_{name.upper()}": value for name, value in {"data": str(folder / "data"), **settings}.items()}
    return subprocess.run(
        [sys.executable, "-P", "-m", "services.cli.main", *arguments],
        env={**kept, **given},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
