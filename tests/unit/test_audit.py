"""A report of vulnerabilities says what was looked at, and never takes nothing seen for nothing there."""

from typing import Any

from tests.audit import verdict

SOUND: dict[str, Any] = {"name": "amqp", "version": "5.4.2", "vulns": []}
SKIPPED: dict[str, Any] = {"name": "vine", "skip_reason": "Dependency not found and could not be audited"}
BROKEN: dict[str, Any] = {
    "name": "lxml",
    "version": "1.0",
    "vulns": [{"id": "CVE-1", "fix_versions": ["1.1", "2.0"]}, {"id": "CVE-2", "fix_versions": []}],
}


def test_where_nothing_was_looked_at_that_is_told() -> None:
    assert verdict({"dependencies": [SKIPPED, SKIPPED]}) == (
        ["NOT AUDITED: the database knows none of 2 packages, or cannot be reached."],
        0,
    )


def test_where_all_is_well_it_says_how_much_was_looked_at() -> None:
    assert verdict({"dependencies": [SOUND]}) == (["1 packages audited, 0 vulnerabilities."], 0)
    half = verdict({"dependencies": [SOUND, SKIPPED]})
    assert half.lines == ["1 packages audited, 1 NOT AUDITED, 0 vulnerabilities."]


def test_each_vulnerability_is_named_and_fails_the_run() -> None:
    lines, code = verdict({"dependencies": [SOUND, BROKEN]})
    assert code == 1
    assert lines[:2] == ["lxml 1.0: CVE-1, mended in 1.1, 2.0", "lxml 1.0: CVE-2, mended in no version yet"]
