"""What a page says of itself in schema.org's words (JSON-LD), as a flat list of things."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from lxml.html import HtmlElement

_MOST_SCRIPTS: Final = 30
_LONGEST_SCRIPT: Final = 500_000
_MOST_THINGS: Final = 400
_DEEPEST: Final = 8
_KINDS: Final = {"application/ld+json", "application/settings+json"}
_NOT_JSON: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)+|(?:-->|//\s*\]\]>|;)\s*$")
_LAST_COMMA: Final = re.compile(r",\s*([}\]])")
_BETWEEN_THINGS: Final = re.compile(r"\}\s{0,20};?\s{0,20}\{(?=\s{0,20}\")")
_QUOTE_IN_TEXT: Final = re.compile(r"([^\[{,:\s\\]\s?)\"(?=\s?[^\s\]},:])")
_STORY: Final = re.compile(
    r"(?:article|posting|blogpost|report|review|recipe|howto|advertisercontentarticle|opinionpiece|question)$"
)
_PAGE: Final = re.compile(r"(?:webpage|collectionpage|itempage|aboutpage|contactpage|qapage|faqpage|profilepage)$")

Thing = dict[str, Any]


class Things:
    """The things of one page, with the references between them."""

    def __init__(self, things: list[Thing]) -> None:
        self._by_id = {each["@id"]: each for each in things if isinstance(each.get("@id"), str) and len(each) > 1}
        self.stories = [
            each for each in things if _is(each, _STORY) and (_has_date_or_author(each) or "headline" in each)
        ]
        self.pages = [each for each in things if _is(each, _PAGE)]
        self.all = things

    def follow(self, value: Any) -> list[Any]:
        """The values of a property, one list whatever their form; a bare reference gives what it points to."""
        values = value if isinstance(value, list) else [value]
        return [self._target(each) for each in values if each]

    def _target(self, value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value


def read_json_ld(tree: HtmlElement) -> Things:
    """The things of a page's JSON-LD; what does not parse is left out."""
    found: list[Thing] = []
    scripts = [each for each in tree.iter("script") if (each.get("type") or "").strip().lower() in _KINDS]
    for script in scripts[:_MOST_SCRIPTS]:
        for thing in _flat(_parsed(script.text or ""), 0):
            if len(found) >= _MOST_THINGS:
                break
            found.append(thing)
    return Things(found)


def types_of(thing: Thing) -> set[str]:
    """The names of a thing's types, lower case."""
    given = thing.get("@type")
    return {
        each.rsplit("/", 1)[-1].lower()
        for each in (given if isinstance(given, list) else [given])
        if isinstance(each, str)
    }


def text_of(value: Any) -> str | None:
    """A text, or the name of a thing."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    if isinstance(value, list):
        value = next((each for each in value if isinstance(each, str)), None)
    return unescape(value) if isinstance(value, str) and value.strip() else None


def _parsed(text: str) -> Any:
    if not text.strip() or len(text) > _LONGEST_SCRIPT:
        return None
    for given in (str, _mended, _one_after_another, _quoted):
        try:
            return json.loads(given(text), strict=False)
        except RecursionError:
            return None
        except ValueError:
            continue
    return None


def _one_after_another(text: str) -> str:
    """Several things that stand in one script without being a list, as one."""
    return f"[{_BETWEEN_THINGS.sub('},{', _mended(text))}]"


def _quoted(text: str) -> str:
    """With a sign before quotes in the middle of a text: JSON's own quotes have another of its signs beside them."""
    return _QUOTE_IN_TEXT.sub(r"\1\"", _mended(text))


def _mended(text: str) -> str:
    """Without comment signs around it and commas at the end of lists, which browsers forgive."""
    return _LAST_COMMA.sub(r"\1", _NOT_JSON.sub("", text))


def _flat(value: Any, depth: int) -> Iterator[Thing]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value[:_MOST_THINGS]:
            yield from _flat(each, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for name, each in value.items():
            if isinstance(each, (dict, list)) and name not in {
                "comment",
                "itemListElement",
                "hasPart",
                "isPartOf",
                "review",
                "reviews",
            }:
                yield from _flat(each, depth + 1)


def _is(thing: Thing, kind: re.Pattern[str]) -> bool:
    return any(map(kind.search, types_of(thing)))


def _has_date_or_author(thing: Thing) -> bool:
    return any(name in thing for name in ("datePublished", "dateCreated", "author"))
