"""A rule for a stand-in under which one document of a bulk is refused."""

from collections.abc import Callable
from typing import Any

from pydantic_core import from_json, to_json

from tests.elasticsearch.stand_in import Answer, Asked


def refusing(name: str, status: int, kind: str = "some_exception") -> Callable[..., Answer]:
    """A rule under which one document of a bulk is refused and the others are written."""

    def rule(asked: Asked, forward: Callable[[], Answer]) -> Answer:
        if "_bulk" not in asked.path:
            return forward()
        told: Any = from_json(forward().body)
        heads = [from_json(line) for line in asked.body.splitlines() if line.startswith((b'{"index"', b'{"delete"'))]
        for head, item in zip(heads, told["items"], strict=True):
            (kind_of_write,) = head
            if head[kind_of_write]["_id"] == name:
                item[kind_of_write] = {"status": status, "error": {"type": kind, "reason": "because"}}
        return Answer(200, to_json(told))

    return rule
