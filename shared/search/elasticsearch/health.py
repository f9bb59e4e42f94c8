"""How Elasticsearch does: a line for the operator, and whether new pages had better wait."""

from typing import Any, Final

from shared.search.elasticsearch.aliases import aliases_there, amiss
from shared.search.elasticsearch.client import SETUP, Connection
from shared.search.elasticsearch.parts import misfit

_SHOWN: Final = 3
_UNSEEN: Final = "or compare deploy/elasticsearch/role.json: without view_index_metadata it is not seen"


def health(connection: Connection) -> tuple[bool, str]:
    """Whether searches can be answered, and in how far the cluster is less than well.

    Raises:
        ApiError, TransportError: it cannot be asked.
    """
    if wrong := amiss(connection.names, aliases_there(connection)):
        return False, f"{wrong}: {SETUP}; {_UNSEEN}"
    if why := _misfit(connection):
        return False, why
    status = _status(connection)
    found = connection.client.count(index=connection.names.read)["count"] if status != "red" else "unknown"
    notes = [f"{found} documents", f"status {status}", *_blocked(connection)]
    if full := _disk(connection):
        notes.append(full)
    return status != "red", "; ".join(notes)


def strain(connection: Connection) -> str | None:
    """Why new pages had better wait; None where they need not.

    Raises:
        ApiError, TransportError: it cannot be asked.
    """
    if _status(connection) == "red":
        return "Elasticsearch: shards of our indices are not there (status red)"
    if blocked := _blocked(connection):
        return f"Elasticsearch: {blocked[0]}"
    full = _disk(connection)
    return f"Elasticsearch: {full}" if full else None


def _misfit(connection: Connection) -> str | None:
    """Why this version cannot write to the live index."""
    told: Any = connection.client.indices.get_mapping(index=connection.names.read).body
    found = (misfit(index, each["mappings"].get("_meta", {})) for index, each in told.items())
    return next(filter(None, found), None)


def _status(connection: Connection) -> str:
    names = connection.names
    wanted = f"{names.pattern},{names.archive_pattern}"
    return str(connection.client.cluster.health(index=wanted, expand_wildcards="open")["status"])


def _blocked(connection: Connection) -> list[str]:
    """The whole cluster, or indices of ours, that may not be written to."""
    names = connection.names
    wanted = f"{names.pattern},{names.archive_pattern}"
    told: Any = connection.client.indices.get_settings(index=wanted, name="index.blocks.*", flat_settings=True).body
    found = [
        f"{index} is blocked ({name.removeprefix('index.')})"
        for index, settings in sorted(told.items())
        for name, value in settings["settings"].items()
        if value == "true"
    ]
    return [*_blocked_cluster(connection), *found][:_SHOWN]


def _blocked_cluster(connection: Connection) -> list[str]:
    """Blocks of all indices together, which no index's settings tell of."""
    told: Any = connection.client.cluster.state(metric="blocks", filter_path="blocks.global").body
    held = told.get("blocks", {}).get("global", {}).values()
    return [f"the whole cluster is blocked ({each['description']})" for each in held if "write" in each["levels"]]


def _disk(connection: Connection) -> str | None:
    """Disks over the high watermark, beyond which Elasticsearch moves shards away and then refuses writes."""
    answer: Any = connection.client.health_report(feature="disk").body
    disk = answer["indicators"]["disk"]
    return None if disk["status"] in ("green", "unknown") else f"disk {disk['status']}: {disk['symptom']}"
