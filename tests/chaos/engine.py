"""Scripted answers of Elasticsearch, and a count of what it has acknowledged."""

import itertools
from collections import Counter
from typing import Any

from pydantic_core import from_json, to_json

from tests.elasticsearch.stand_in import Answer, Asked, Forward, Rule, cut, error

_WRITTEN = frozenset({200, 201})
Pair = tuple[bytes, bytes]


def well(_: Asked, forward: Forward) -> Answer:
    """As it should."""
    return forward()


def writes_documents(asked: Asked) -> bool:
    """Whether it is a bulk request for the search index."""
    return "_bulk" in asked.path and "archive" not in asked.path


def unreachable(asked: Asked, forward: Forward) -> Answer:
    """Documents get no answer at all."""
    return cut() if writes_documents(asked) else forward()


def closed(status: int) -> Rule:
    """Documents are answered by one status."""
    return lambda asked, forward: error(status, "closed", "not now") if writes_documents(asked) else forward()


def busy() -> Rule:
    """Every third document gets 429 and is not written."""
    turn = itertools.count()
    why = {"status": 429, "error": {"type": "rejected", "reason": "the queue is full"}}
    return _sorting_out(lambda _: next(turn) % 3 == 0, why)


def refusing(word: bytes) -> Rule:
    """The mapping refuses documents with this word in them."""
    why = {"status": 400, "error": {"type": "document_parsing_exception", "reason": "failed to parse field"}}
    return _sorting_out(lambda pair: word in pair[1], why)


def losing_replies() -> Rule:
    """The engine writes, and what it answers is lost on the way: of four bulks in a row the first three."""
    turn = itertools.count()

    def rule(asked: Asked, forward: Forward) -> Answer:
        told = forward()
        return cut() if writes_documents(asked) and next(turn) % 4 < 3 else told

    return rule


class Acknowledged:
    """What the engine itself has said that it wrote, whether or not that reached anybody."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, int]] = Counter()

    def around(self, rule: Rule) -> Rule:
        """The same rule, and everything that the engine answers is counted."""

        def counted(asked: Asked, forward: Forward) -> Answer:
            def watched(body: bytes | None = None) -> Answer:
                told = forward(body)
                if writes_documents(asked) and told.status == 200:
                    self._count(asked.body if body is None else body, told)
                return told

            return rule(asked, watched)

        return counted

    def twice(self) -> list[tuple[str, int]]:
        """Documents that were written more than once under one external version."""
        return [written for written, times in self._counted.items() if times > 1]

    def _count(self, body: bytes, told: Answer) -> None:
        items: list[Any] = from_json(told.body)["items"]
        for (head, _), item in zip(_pairs(body), items, strict=True):
            about = from_json(head)["index"]
            if item["index"]["status"] in _WRITTEN:
                self._counted[about["_id"], about.get("version", 0)] += 1


def _sorting_out(out: Any, why: dict[str, Any]) -> Rule:
    """Documents for which `out` holds are not sent on, and get this answer."""

    def rule(asked: Asked, forward: Forward) -> Answer:
        if not writes_documents(asked):
            return forward()
        pairs = [(pair, out(pair)) for pair in _pairs(asked.body)]
        kept = b"".join(head + b"\n" + body + b"\n" for (head, body), is_out in pairs if not is_out)
        told = iter(from_json(forward(kept).body)["items"] if kept else [])
        return Answer(200, to_json({"errors": True, "items": [{"index": why} if o else next(told) for _, o in pairs]}))

    return rule


def _pairs(body: bytes) -> list[Pair]:
    """The lines of a bulk of documents, two by two; deletes have one line, and do not come here."""
    lines = body.splitlines()
    return list(zip(lines[0::2], lines[1::2], strict=True))
