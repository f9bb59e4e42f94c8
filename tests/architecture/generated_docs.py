"""The pages of docs/ that are tables of what the code says. `make docs` writes them; a test compares."""

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.http.keys.access import RULES, Rule
from shared.errors import CODES
from shared.keys import SCOPES
from shared.models.rejections import REJECTIONS
from shared.remedies import REMEDIES
from shared.settings import Settings
from workers.clean.reasons import REASONS
from workers.enrich.quality import QUALITY

ROOT = Path(__file__).parents[2]
_MIB = 2**20

DEAD: Mapping[str, str] = {
    **dict[str, str](REJECTIONS.items()),
    "index-refused": "The search engine refuses this one document; the detail has its word.",
    "crashed": "Cleaning or enriching it raised an error of ours each time; the traceback is kept.",
    "out-of-memory": "Working on it needed more memory than there is, or than PAGEMILL_PAGE_MEMORY_MIB allows.",
    "worker-lost": "The process that worked on it ended each time: it took longer than PAGEMILL_PAGE_SECONDS, or "
    "brought the process down.",
}
"""Why a page is a dead letter."""

DROPPED: Mapping[str, str] = {
    "superseded": "A version that was fetched later is searchable, or is the page's dead letter.",
    "deleted": "The page was deleted before it had ended, or while it was a dead letter.",
    "discarded": "Somebody let the dead letter go, with a note.",
}
"""Why a page is let go on purpose."""

_CONFIGURATION = """# Configuration

Every setting is an environment variable `PAGEMILL_NAME`, or `name = value` in a TOML file: `pagemill.toml` in the
working folder, or the file that `PAGEMILL_CONFIG` names. Arguments win over variables, variables over files.

```toml
data = "/var/lib/pagemill"
listen = "127.0.0.1:8800"
clean_workers = 4
```

Lists are parted by commas in a variable, or JSON: `PAGEMILL_ALLOWED_HOSTS=mill.internal,mill.example`, or
`'["mill.internal", "mill.example"]'`.

What is secret may lie in files of its own, in a folder that `PAGEMILL_SECRETS` names (`/run/secrets` in a container):
the file `pagemill_redis_password` holds what `PAGEMILL_REDIS_PASSWORD` would.

Numbers end: `inf` is refused everywhere, and so are more than 36500 days or 876000 hours (a hundred years) and more
than 2000000 seconds (23 days). For what is to be kept for good, a hundred years do.

Limits that a request can meet are also at `GET /v1/limits`, and the error that they cause names them.
"""

_PROBLEMS = """# What went wrong

Errors are RFC 9457 `application/problem+json`:

```json
{"type": "/problems/line-full", "title": "The line is full", "status": 429, "code": "line-full",
 "detail": "100000 pages wait, of 100000 that may.", "limit": "PAGEMILL_LINE_MAX_PAGES",
 "request_id": "5f0c1d9a"}
```

`code` is stable; write programs against it. `pointer` is a JSON pointer into what was sent (`/query/NAME` for a query
parameter), `index` the item of a batch, `position` `[start, end]` in code points of `q`, `limit` the setting behind a
limit. `type` is an address on the service itself that answers with the text below.

A browser that asks for a page (`Accept` with `text/html`, outside `/v1`) is shown the same as HTML, under the same
status.

Try again after 429, 503 and 409 `idempotency-running`; `Retry-After` says when.
"""

_KEYS = """# Keys

On loopback nobody needs a key; one that is sent and wrong is refused all the same. Services that others can reach
(`PAGEMILL_LISTEN` beyond loopback, or `PAGEMILL_REQUIRE_KEYS=true`, as behind a proxy on the same machine) do not
start before there is one, and answer nobody without: 401 `unauthorized`. `PAGEMILL_ALLOW_OPEN=true` lets everybody
in; it is for addresses where something else asks who is calling.

## The first key

On one machine, before the services start or while they run on loopback:

```
pagemill keys add operator --scope admin
PAGEMILL_LISTEN=0.0.0.0:8800 pagemill up
```

In containers set-up makes it, from a secret: see [deployment.md](deployment.md). A key is shown when it is
made and never again; what is kept of it cannot be turned back.

## Sending it

```
curl -s $U/v1/search -H "Authorization: Bearer $PAGEMILL_KEY"
pagemill search harbour
```

The [command](command-line.md) sends `PAGEMILL_KEY`. A browser that asks for a page without one is led to
`/sign-in`, where the key is given once; the browser keeps a cookie (HttpOnly, SameSite, and for TLS alone where the
page came over TLS) from which the key cannot be had. The cookie opens pages for as long as the key lives, and acts
only on requests from our own pages. Without TLS in front whoever sees the traffic has the key.

## What ends it

`pagemill keys revoke ID`: every process that reaches Redis refuses the key at once, and ends what it was still sending:
an export with its next part, events with the next one, which is 15 seconds away at most. While Redis is away the keys
that were known last go on opening what needs no Redis (searches); a service that started meanwhile answers 503.

## How often

`--rate` (requests a minute, all of them at once if you like) and `--quota` (requests a day, UTC) are the key's,
whichever process answers; several processes compare their counts each second, so that a key may overdraw by one
second's worth. Beyond it: 429 `rate-limited`, and `Retry-After` says when.

Pages of different keys take turns in the line, so one key per tenant keeps a flood from the others: see
[reliability.md](reliability.md).

## What needs which scope

`admin` reaches everything. The first line that fits holds; HEAD is GET; what is not here needs `admin`.
"""

_REASONS = """# Reasons

Nothing disappears: a page that is not found has a reason, and so has each block of a page that was left out.
"""


def configuration() -> str:
    """docs/configuration.md, under the headings that the class itself has as comments."""
    parts = [_CONFIGURATION]
    for heading, names in _groups():
        parts.append(f"## {heading}\n\n| setting | default | what it is |\n|---|---|---|")
        parts[-1] += "".join(
            f"\n| `PAGEMILL_{name.upper()}` | {_default(name)} | {Settings.model_fields[name].description} |"
            for name in names
        )
    return "\n".join(part if part.endswith("\n") else part + "\n" for part in parts)


def problems() -> str:
    """docs/problems.md, one heading a code."""
    told = (f"## {code}\n{status}. {title}. {REMEDIES[code]}\n" for code, (status, title) in CODES.items())
    return "\n".join([_PROBLEMS, *told])


def reasons() -> str:
    """docs/reasons.md."""
    tables = (
        ("Why a page is a dead letter (`reason`)", DEAD),
        ("Why a page is dropped (`reason`)", DROPPED),
        ("Why a block of a page is dropped (`dropped[].reason`)", dict[str, str](REASONS.items())),
        ("What a document is flagged with (`quality`)", QUALITY),
    )
    return "\n".join([_REASONS, *(_table(heading, table) for heading, table in tables)])


def keys() -> str:
    """docs/keys.md."""
    return f"{_KEYS}\n| address | scope | what |\n|---|---|---|\n" + "".join(map(_rule, RULES))


def _rule(rule: Rule) -> str:
    shown = "" if {"POST", "PUT", "DELETE"} <= rule.methods else "GET "
    scopes = " or ".join(f"`{scope}`" for scope in SCOPES if scope in rule.scopes) or "none"
    return f"| `{shown}{rule.path}` | {scopes} | {rule.why} |\n"


PAGES = {"configuration.md": configuration, "problems.md": problems, "reasons.md": reasons, "keys.md": keys}


def _table(heading: str, rows: Mapping[str, str]) -> str:
    body = "".join(f"| `{name}` | {text} |\n" for name, text in rows.items())
    return f"## {heading}\n\n| name | what it means |\n|---|---|\n{body}"


def _groups() -> Iterator[tuple[str, list[str]]]:
    """Headings with the settings under them; those that are mixed in go to the heading of the same name."""
    groups: dict[str, list[str]] = {}
    for part in (Settings, *Settings.__mro__[1:]):
        heading = ""
        for line in inspect.getsource(part).splitlines() if part.__module__.startswith("shared.") else ():
            if found := re.fullmatch(r"    # (.+)", line):
                heading = found[1]
            elif (found := re.match(r"    (\w+): ", line)) and found[1] in Settings.model_fields:
                groups.setdefault(heading, []).append(found[1])
    yield from groups.items()


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    if Settings.model_fields[name].default_factory:
        return "one for each core"
    if value is None or value == ():
        return "absent" if value is None else "none"
    if isinstance(value, int) and value >= _MIB and value % _MIB == 0:
        return f"{value} ({value // _MIB} MiB)"
    return f"`{value}`"


def main() -> None:
    """Writes the pages."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page())


if __name__ == "__main__":
    main()
