"""The writing side. Any number of processes may hold it: the engine compares versions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.errors import DependencyUnavailable
from shared.models.document import Document
from shared.models.frozen import PageId
from shared.search.elasticsearch.bulk import DOCUMENT_BYTES, Action, deleting, indexing, present, send
from shared.search.elasticsearch.client import Access, connect, engine, explained
from shared.search.elasticsearch.documents import SOURCE, parts_from_engine, to_engine
from shared.search.elasticsearch.faults import Told, is_refused, refusing_index
from shared.search.port import IndexOutcome

_DONE: Final = frozenset({200, 201})
_CONFLICT: Final = 409
_BUSY: Final = frozenset({408, 429})
_NOT_FOUND: Final = 404
_REASON_CHARS: Final = 500


class _Held(NamedTuple):
    external_version: int
    title: str | None
    text: str


class ElasticsearchWriter:
    """The `IndexWriter` on Elasticsearch, through an alias, which has to be there.

    Args:
        access: where Elasticsearch is.
        prefix: of the names of indices and aliases.
        alias: of the index; absent: the one for writing to the live index.
    """

    def __init__(self, access: Access, prefix: str, alias: str | None = None) -> None:
        self._connection = connect(access, prefix)
        self._alias = alias or self._connection.names.write

    def index(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Makes documents searchable; one outcome each, in order.

        Of several documents of one id the newest is sent first; an older one only where the engine refuses that.

        Raises:
            DependencyUnavailable: the engine is away, does not let us, has no such alias, or takes nothing into the
                index whatever it is (see `faults`); all may be sent again.
        """
        outcomes: dict[int, IndexOutcome] = {}
        left = sorted(range(len(documents)), key=lambda place: -documents[place].external_version)
        while left:
            turn = list({documents[place].id: place for place in reversed(left)}.values())
            outcomes |= dict(zip(turn, self._send([documents[place] for place in turn]), strict=True))
            left = self._behind(documents, [place for place in left if place not in outcomes], turn, outcomes)
        if any(outcome.result == "indexed" for outcome in outcomes.values()):
            self._refresh()
        return [outcomes[place] for place in range(len(documents))]

    def delete(self, versions: Mapping[PageId, int]) -> None:
        """Takes pages out where the version held is older than the delete's (a plain version).

        The engine remembers the delete's version for a while (`index.gc_deletes`), the ledger for good.
        """
        if not versions:
            return
        self._require_alias()
        actions = [deleting(page_id, version * 64) for page_id, version in versions.items()]
        for told in send(self._connection, self._alias, actions):
            if told.status not in _DONE and told.status not in (_NOT_FOUND, _CONFLICT):
                raise DependencyUnavailable("index", explained(told.status, told.reason))
            if told.status == _NOT_FOUND and told.reason:
                raise DependencyUnavailable("index", explained(told.status, told.reason))
        self._refresh()

    def close(self) -> None:
        """Lets the connection go."""
        self._connection.close()

    def _behind(
        self, documents: Sequence[Document], left: list[int], turn: Sequence[int], outcomes: dict[int, IndexOutcome]
    ) -> list[int]:
        """Settles what stands behind a newer document of the same batch; what is left to be sent."""
        first = {documents[place].id: place for place in turn}
        still: list[int] = []
        for place in left:
            newer = first.get(documents[place].id)
            if newer is None or outcomes[newer].result == "rejected":
                still.append(place)
                continue
            same = documents[place].external_version == documents[newer].external_version
            result = outcomes[newer].result if same or outcomes[newer].result == "again" else "superseded"
            outcomes[place] = IndexOutcome(id=documents[place].id, result=result, reason=outcomes[newer].reason)
        return still

    def _send(self, documents: Sequence[Document]) -> list[IndexOutcome]:
        """Documents of different ids."""
        refused: dict[int, IndexOutcome] = {}
        sent: list[int] = []
        answers = iter(send(self._connection, self._alias, _actions(documents, sent, refused)))
        told = {place: next(answers) for place in sent}
        if why := refusing_index(list(told.values())):
            raise DependencyUnavailable("index", why)
        conflicts = [documents[place].id for place in sent if told[place].status == _CONFLICT]
        held = self._held(conflicts)
        found = {place: _outcome(documents[place], told[place], held) for place in sent}
        alone = len(sent) == 1 and told[sent[0]].status in _BUSY  # which says nothing of others
        if found and not alone and all(outcome.result == "again" for outcome in found.values()):
            raise DependencyUnavailable("index", explained(told[sent[0]].status, told[sent[0]].reason))
        found |= refused
        return [found[place] for place in range(len(documents))]

    def _held(self, ids: Sequence[PageId]) -> dict[PageId, _Held]:
        """What is there, written a moment ago included."""
        if not ids:
            return {}
        with engine():
            told = self._connection.client.mget(index=self._alias, ids=list(ids), source=list(SOURCE))
        return {each["_id"]: _Held(each["_version"], *_said(each["_source"])) for each in present(told.body, "index")}

    def _require_alias(self) -> None:
        """Where it is missing a versioned delete would make an index of its name, whatever the request requires."""
        with engine():
            there = self._connection.client.indices.exists_alias(name=self._alias)
        if not there:
            raise DependencyUnavailable("index", explained(_NOT_FOUND, f"no alias {self._alias}"))

    def _refresh(self) -> None:
        """Makes what was written searchable now: waiting for the engine's own turn would take up to a second."""
        with engine():
            self._connection.client.indices.refresh(index=self._alias)


def _actions(documents: Sequence[Document], sent: list[int], refused: dict[int, IndexOutcome]) -> Iterator[Action]:
    """Makes each write when it is its turn; notes which are sent, and which have no form that could be."""
    for place, document in enumerate(documents):
        try:
            body = to_engine(document, DOCUMENT_BYTES)
        except (ValueError, OverflowError) as error:
            refused[place] = IndexOutcome(id=document.id, result="rejected", reason=str(error)[:_REASON_CHARS])
            continue
        sent.append(place)
        yield indexing(document.id, document.external_version, body)


def _said(source: Mapping[str, Any]) -> tuple[str | None, str]:
    parts = parts_from_engine(source)
    return parts.get("title"), parts["text"]


def _outcome(document: Document, told: Told, held: Mapping[PageId, _Held]) -> IndexOutcome:
    """What an item's status means for the page.

    Another text under the version that is there comes of a receipt that has expired: the ledger gave the version twice.

    Raises:
        DependencyUnavailable: it means that no page can be written.
    """
    if told.status in _DONE:
        return IndexOutcome(id=document.id, result="indexed", written=True)
    if told.status == _CONFLICT:
        same = held.get(document.id) == _Held(document.external_version, document.title, document.text)
        return IndexOutcome(id=document.id, result="indexed" if same else "superseded")
    if is_refused(told):
        return IndexOutcome(id=document.id, result="rejected", reason=told.reason[:_REASON_CHARS])
    if told.status in _BUSY or told.status >= 500:
        return IndexOutcome(id=document.id, result="again", reason=explained(told.status, told.reason))
    raise DependencyUnavailable("index", explained(told.status, told.reason))
