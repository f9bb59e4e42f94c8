"""What `pagemill clean` writes for each line."""

import json
from typing import Any

from shared.errors import Refused
from shared.models.clean_page import Clean


def cleaned(page_id: Any, clean: Clean) -> bytes:
    """`{"id", ...CLEAN}` on one line."""
    return _line({"id": page_id, **clean.model_dump(mode="json")})


def refused(page_id: Any, why: Refused) -> bytes:
    """`{"id", "error": PROBLEM}` on one line."""
    return _line({"id": page_id, "error": why.problem.model_dump(mode="json", exclude_none=True)})


def _line(value: dict[str, Any]) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # an id can hold half a character, which has no bytes but an escape
        return json.dumps(value).encode() + b"\n"
