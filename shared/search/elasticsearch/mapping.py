"""Mappings and settings of the indices, built from the table of fields. deploy/elasticsearch/ holds them as JSON."""

from collections.abc import Mapping
from typing import Any, Final

from shared.search.analysis.analyzers import ANALYZERS, OTHER
from shared.search.elasticsearch.names import Names
from shared.search.fields import FIELDS, KEYWORD_MAX_CHARS, Field
from shared.search.format import FORMAT as MADE_WITH

FORMAT: Final = 1
"""Goes up where an index that was set up before cannot take the documents of this code."""
FOLD: Final = "fold"
"""The story, or the page's own id where it has none: what near copies are folded by."""
WINDOW: Final = 100_000
"""Folded hits that can be paged to: the engine gives no place after a fold but by counting."""
_COUNTED: Final = frozenset({"id", "suggest"})
"""Keywords that are sorted by or counted, and are no facets."""
_NANOS: Final = "indexed"
"""Told apart by the microsecond, which the engine's dates are not: whole microseconds since 1970."""
FORMAT_NOTE: Final = "pagemill_format"
MADE_WITH_NOTE: Final = "pagemill_made_with"
"""Under these names in `_meta`: `FORMAT`, and the digest of fields and analysis."""
_GC_DELETES: Final = "15m"
"""Longer than a page is leased by the longest, so that no worker that was asleep brings back what was deleted."""
_GC_DELETES_FILLING: Final = "1h"
"""Longer than that: what fills an index may sleep, too, between reading a document and writing it."""

_WORDS: Final = {"type": "text", "analyzer": "whitespace"}
"""For words that we have cut ourselves: at most 100 characters, far from what the engine refuses."""


def mappings(notes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The mapping of documents: nothing is added to it by what a document says.

    Args:
        notes: what else stands in `_meta`.
    """
    fields = {field.name: made for field in FIELDS if (made := _mapped(field))}
    fields[FOLD] = _keyword()
    return {
        "dynamic": False,
        "_meta": {FORMAT_NOTE: FORMAT, MADE_WITH_NOTE: MADE_WITH, **(notes or {})},
        "_source": {"excludes": ["exact", "url", "labels", "suggest", "band", FOLD]},
        "properties": fields,
    }


def settings(shards: int, replicas: int | None) -> dict[str, Any]:
    """The settings of an index of documents.

    Args:
        shards: primaries; more than one makes facet counts of rare values estimates.
        replicas: copies of each; None for one where there is a second node.
    """
    return {
        "index": {
            "number_of_shards": shards,
            **_copies(replicas),
            "refresh_interval": "1s",
            "gc_deletes": _GC_DELETES,
            "max_result_window": WINDOW,
            "translog": {"durability": "request"},
        }
    }


def filling(shards: int, replicas: int | None) -> dict[str, Any]:
    """The same while it is filled: a single copy, and nothing made searchable before that is asked for."""
    put_off = {"refresh_interval": "-1", "number_of_replicas": 0, "auto_expand_replicas": False}
    return {"index": {**settings(shards, replicas)["index"], **put_off, "gc_deletes": _GC_DELETES_FILLING}}


def filled(replicas: int | None) -> dict[str, Any]:
    """What is changed of this once it is filled."""
    usual = settings(1, replicas)["index"]
    return {"index": {name: usual[name] for name in ("refresh_interval", "gc_deletes", *_copies(replicas))}}


def template(names: Names, shards: int, replicas: int | None) -> dict[str, Any]:
    """The index template of documents; no write makes an index, by whatever name of ours it asks for it."""
    return {
        "index_patterns": [f"{names.read}*"],
        "allow_auto_create": False,
        "priority": 500,
        "template": {"settings": settings(shards, replicas), "mappings": mappings()},
        "_meta": {"description": "Pagemill: documents as they are searched"},
    }


def archive_template(names: Names, shards: int, replicas: int | None) -> dict[str, Any]:
    """The index template of raw pages, which are stored and not searched: one keyword and four numbers lead to them."""
    return {
        "index_patterns": [f"{names.archive}*"],
        "allow_auto_create": False,
        "priority": 500,
        "template": {
            "settings": {
                "index": {
                    "number_of_shards": shards,
                    **_copies(replicas),
                    "refresh_interval": "30s",
                    "gc_deletes": _GC_DELETES,
                    "translog": {"durability": "request"},
                }
            },
            "mappings": {
                "dynamic": False,
                "_meta": {FORMAT_NOTE: FORMAT},
                "properties": {
                    "id": _keyword(),
                    "version": {"type": "long"},
                    "dead": {"type": "boolean"},
                    "kept_ms": {"type": "long"},
                    "bytes": {"type": "long", "index": False},
                    "packed": {"type": "object", "enabled": False},
                },
            },
        },
        "_meta": {"description": "Pagemill: raw pages as they were sent"},
    }


def role(names: Names) -> dict[str, Any]:
    """All that the services and workers need; `manage` makes indices, moves aliases and deletes: a rebuild."""
    stored = ["read", "write", "maintenance", "view_index_metadata"]
    return _role(["monitor"], {names.read: ["read", "write", "manage"], names.archive: stored})


def setup_role(names: Names) -> dict[str, Any]:
    """All that `pagemill index setup` needs."""
    return _role(["monitor", "manage_index_templates"], {names.read: ["manage"], names.archive: ["manage"]})


def _role(cluster: list[str], indices: dict[str, list[str]]) -> dict[str, Any]:
    granted = [{"names": [f"{name}*"], "privileges": privileges} for name, privileges in indices.items()]
    return {"cluster": cluster, "indices": granted}


def _mapped(field: Field) -> dict[str, Any] | None:
    match field.kind:
        case "text":
            return _by_language() if field.stems else dict(_WORDS)
        case "keyword":
            return _keyword(counted=field.facet or field.name in _COUNTED)
        case "date":
            return {"type": "long"} if field.name == _NANOS else {"type": "date", "format": "strict_date_optional_time"}
        case "number":
            return {"type": "long"}
        case "labels":
            return {**_WORDS, "norms": False}
        case "stored":
            return {"type": "object", "enabled": False}


def _by_language() -> dict[str, Any]:
    """One sub-field a language, under the engine's own analyzer for it; in `other`, words that we have stemmed."""
    own = {code: {"type": "text", "analyzer": name} for code, name in ANALYZERS.items()}
    return {"type": "object", "dynamic": False, "properties": {**own, OTHER: dict(_WORDS)}}


def _keyword(*, counted: bool = True) -> dict[str, Any]:
    """The engine counts characters of `ignore_above` in UTF-16, where one of ours may be two."""
    return {"type": "keyword", "ignore_above": 2 * KEYWORD_MAX_CHARS, "doc_values": counted}


def _copies(replicas: int | None) -> dict[str, Any]:
    return {"auto_expand_replicas": "0-1"} if replicas is None else {"number_of_replicas": replicas}
