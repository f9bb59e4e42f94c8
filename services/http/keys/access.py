"""Which address needs which scope: the one table. What is not in it needs `admin`."""

from typing import Final, NamedTuple

from shared.keys import Scope

_READ: Final = frozenset({"GET"})
_EVERY: Final = frozenset({"GET", "POST", "PUT", "DELETE"})


class Rule(NamedTuple):
    """Addresses, and the scopes of which a key needs one; none: everybody may.

    `path` ends with `*` where longer ones are meant too.
    """

    methods: frozenset[str]
    path: str
    scopes: frozenset[Scope]
    why: str

    def covers(self, method: str, path: str) -> bool:
        """Whether it is about this request."""
        if method not in self.methods:
            return False
        return path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path


def _needs(*scopes: Scope) -> frozenset[Scope]:
    return frozenset(scopes)


_OPEN, _ANY = _needs(), _needs("ingest", "query")

RULES: Final[tuple[Rule, ...]] = (
    Rule(_READ, "/healthz", _OPEN, "probes have no keys"),
    Rule(_READ, "/readyz", _OPEN, "probes have no keys"),
    Rule(_READ, "/openapi.json", _OPEN, "what there is, not what is in it"),
    Rule(_READ, "/docs", _OPEN, "the same for reading"),
    Rule(_READ, "/problems/*", _OPEN, "what an error means"),
    Rule(_READ, "/v1/monitor/services/*", _OPEN, "the four above, of all services behind a gateway"),
    Rule(_EVERY, "/sign-in", _OPEN, "where a browser brings its key"),
    Rule(_EVERY, "/sign-out", _OPEN, "where it leaves it"),
    Rule(_READ, "/static/*", _OPEN, "style and script of the pages"),
    Rule(_EVERY, "/v1/search*", _needs("query"), "search"),
    Rule(_READ, "/v1/documents/*", _needs("query"), "documents"),
    Rule(_READ, "/v1/suggest", _needs("query"), "suggestions"),
    Rule(_READ, "/v1/export", _needs("query"), "exports"),
    Rule(_READ, "/v1/feeds/*", _needs("query"), "feeds"),
    Rule(_EVERY, "/v1/saved-searches*", _needs("query"), "saved searches"),
    Rule(_READ, "/", _needs("query"), "the search page; for programs what there is"),
    Rule(_READ, "/search*", _needs("query"), "parts of the search page"),
    Rule(_READ, "/documents/*", _needs("query"), "a document as a page"),
    Rule(_READ, "/metrics", _needs("query"), "figures; open with PAGEMILL_OPEN_METRICS"),
    Rule(_EVERY, "/v1/pages*", _needs("ingest"), "pages in, receipts, raw bytes, deletes"),
    Rule(_READ, "/v1/outcomes", _needs("ingest"), "what became of pages"),
    Rule(_EVERY, "/v1/preview", _needs("ingest"), "previews"),
    Rule(_READ, "/v1/limits", _ANY, "limits"),
    Rule(_READ, "/v1/dead-letters*", _needs("ingest"), "dead letters, read"),
    Rule(_EVERY, "/v1/dead-letters*", _needs("admin"), "dead letters, mended, sent again, let go"),
    Rule(_READ, "/v1/monitor/audit", _needs("admin"), "who did what"),
    Rule(_READ, "/v1/monitor/*", _ANY, "the control room's counts"),
    Rule(_EVERY, "/v1/monitor/*", _needs("admin"), "its actions: rooms, sites, the index"),
    Rule(_EVERY, "/monitor*", _needs("admin"), "its pages"),
)
"""The first that covers a request holds."""

_REST: Final = Rule(_EVERY, "*", _needs("admin"), "anything else")


def rule_for(method: str, path: str) -> Rule:
    """What holds for a request; HEAD is GET without a body."""
    asked = "GET" if method == "HEAD" else method
    return next((rule for rule in RULES if rule.covers(asked, path)), _REST)
