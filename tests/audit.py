"""Known vulnerabilities among the locked packages, as pip-audit finds them: `make audit`.

Without its database pip-audit skips every package and ends with "No known vulnerabilities found". Here that is told as
what it is: nothing was looked at.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

_SECONDS: Final = 300


class Verdict(NamedTuple):
    """What was found: one line each, and the exit status."""

    lines: list[str]
    code: int


def verdict(told: Mapping[str, Any]) -> Verdict:
    """What a report of pip-audit comes to.

    Args:
        told: its JSON: `dependencies`, each with `vulns`, or with a `skip_reason` where it was not looked at.
    """
    packages: Sequence[Mapping[str, Any]] = told["dependencies"]
    looked_at = [each for each in packages if "skip_reason" not in each]
    found = [
        f"{each['name']} {each['version']}: {vulnerability['id']}, mended in {_versions(vulnerability)}"
        for each in looked_at
        for vulnerability in each["vulns"]
    ]
    if not looked_at:
        return Verdict([f"NOT AUDITED: the database knows none of {len(packages)} packages, or cannot be reached."], 0)
    skipped = len(packages) - len(looked_at)
    missed = f", {skipped} NOT AUDITED" if skipped else ""
    return Verdict([*found, f"{len(looked_at)} packages audited{missed}, {len(found)} vulnerabilities."], bool(found))


def _versions(vulnerability: Mapping[str, Any]) -> str:
    return ", ".join(vulnerability["fix_versions"]) or "no version yet"


def main() -> int:
    """`python -m tests.audit PIP_AUDIT LOCK_FILE...`; 1 where something is vulnerable, else 0."""
    program, *locks = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        asked = [word for lock in locks for word in ("-r", lock)]
        options = f"--disable-pip --no-deps --progress-spinner off --format json --output {report}".split()
        try:
            subprocess.run([program, *asked, *options], capture_output=True, timeout=_SECONDS, check=False)
            told = json.loads(report.read_text())
        except (subprocess.TimeoutExpired, OSError, ValueError):
            print("NOT AUDITED: pip-audit gave no report; its database cannot be reached from here.")
            return 0
    lines, code = verdict(told)
    print(*lines, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
