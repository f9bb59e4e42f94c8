"""The schema.org fields of a page, read by trafilatura, with bounds on what it is shown."""

import json
from typing import Any, Final

from lxml.html import HtmlElement
from trafilatura.json_metadata import extract_json, extract_json_parse_error
from trafilatura.settings import Document

_MOST_SCRIPTS: Final = 30
_LONGEST_SCRIPT: Final = 500_000
_LONGEST_BROKEN: Final = 20_000
"""Characters; JSON that does not parse is searched with patterns whose cost grows with the square."""
_LONGEST_VALUE: Final = 1_000
_MOST_AUTHORS: Final = 30
_MOST_THINGS: Final = 200


def read_json_ld(tree: HtmlElement, found: Document) -> Document:
    """Adds title, authors and site name from the page's JSON-LD to what was found before; JSON-LD wins on authors."""
    scripts = tree.xpath('.//script[@type="application/ld+json" or @type="application/settings+json"]')
    for script in scripts[:_MOST_SCRIPTS]:
        text = script.text or ""
        if text and len(text) <= _LONGEST_SCRIPT:
            found = _one(text, found)
    return found


def _one(text: str, found: Document) -> Document:
    try:
        schema = json.loads(text, strict=False, object_pairs_hook=_bounded)
    except RecursionError:
        return found
    except ValueError:
        return extract_json_parse_error(text, found) if len(text) <= _LONGEST_BROKEN else found
    try:
        return extract_json(schema[:_MOST_THINGS] if isinstance(schema, list) else schema, found)
    except (AttributeError, TypeError, ValueError, KeyError, IndexError):
        return found  # trafilatura trusts the types that schema.org asks for


def _bounded(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: _short(key, value) for key, value in pairs}


def _short(key: str, value: Any) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST_VALUE]
    if isinstance(value, list):
        most = _MOST_AUTHORS if key == "author" else _MOST_THINGS
        return [item[:_LONGEST_VALUE] if isinstance(item, str) else item for item in value[:most]]
    return value
