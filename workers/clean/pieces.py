"""The words of single elements of an HTML page that are not read tag by tag: cells, code, formulas, marks of lists."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from lxml.html import HtmlElement

from workers.clean.places import Place
from workers.clean.tags import HIDING_STYLE

_HIDDEN_CLASSES: Final = frozenset(("hidden", "d-none", "is-hidden", "display-none", "u-hidden"))
_SHOWN_LATER = re.compile(
    r"(?<![a-z])(?:tab(?:s|panel|-?pane|-?content)?|accordion\w*|collaps\w+|panel|faq\w*|toggle\w*|expand\w*|answer\w*|comments?|reply|message"
    r"|slide\w*|carousel|swiper|more|read-?more|full|rest|details|content|article|body|post|main|page|app|root)"
    r"(?![a-z])",
    re.IGNORECASE,
)
"""Names of what opens when a reader asks for it, or when the page has come."""
_SHOWN_WIDE = re.compile(r"(?:^|\s)(?:sm|md|lg|xl|2xl|print)[:-]|(?:^|\s)d-(?:sm|md|lg|xl)-")
"""Classes that show an element on wide screens after all."""
_ANCHORS: Final = frozenset(("", "¶", "#", "§", "🔗", "⚓", "∞", "¶¶", "[link]", "link"))
_EDIT = re.compile(
    r"\s*(?:\[\s*(?:edit(?: source)?|bearbeiten|quelltext bearbeiten|modifier(?: le code)?|editar|modifica|bewerken"
    r"|redigera|edytuj|править|редагувати|编辑|編集|편집|عدل|עריכה)(?:\s*\|[^\]]{1,40})?\s*\]\s*|¶\s*)+$",
    re.IGNORECASE,
)
_LINE_NUMBERS = re.compile(
    r"(?<![a-z])(?:line-?numbers?|line-?nos?|linenos?|linenodiv|gutter|blob-num|hljs-ln-n\w*|ln-num)(?![a-z])",
    re.IGNORECASE,
)
_IN_LINE: Final = frozenset(("a", "span", "ins", "del", "var", "label", "mark"))
_NO_CODE: Final = frozenset(("button", "clipboard-copy"))
_SCRIPTS: Final = {"msup": "^", "msub": "_", "mfrac": "/", "munder": "_", "mover": "^"}
_TEX = re.compile(r"^\{\\(?:display|text)style\s*(.*)\}$", re.DOTALL)
_MOST_NUMBER: Final = 10**9


def hides(element: HtmlElement) -> bool:
    """Whether a page hides an element for good: not a tab, an answer or the like that a reader can open."""
    attributes = element.attrib
    if not attributes:
        return bool(element.tag == "dialog")
    if element.tag == "dialog" and "open" not in attributes:
        return True
    classes = attributes.get("class", "")
    hidden = (
        attributes.get("hidden", "until-found") != "until-found"
        or ("style" in attributes and bool(HIDING_STYLE.search(attributes["style"])))
        or (bool(classes) and not _HIDDEN_CLASSES.isdisjoint(classes.split()))
    )
    if not hidden or _SHOWN_WIDE.search(classes):
        return False
    return not bool(_SHOWN_LATER.search(f"{classes} {attributes.get('id', '')} {attributes.get('role', '')}"))


def is_anchor(link: HtmlElement) -> bool:
    """Whether a link in a heading is only the sign that points at the heading."""
    return link.get("href", "").startswith("#") and "".join(link.itertext()).strip().lower() in _ANCHORS


def without_edit_link(heading: str) -> str:
    """A heading's text without the invitation to edit what follows."""
    return _EDIT.sub("", heading) if heading.rstrip().endswith(("]", "¶")) else heading


def part_sources(tree: HtmlElement) -> None:
    """Parts who is quoted from what they said, where only their place parts them."""
    for source in tree.iter("cite"):
        around = source.getparent()
        if around is None or next(source.iterancestors("blockquote"), None) is None:
            continue
        if source.getprevious() is None and not (around.text or "").strip():
            source.tail = f" {source.tail or ''}"
        elif source.getnext() is None and not (source.tail or "").strip():
            source.text = f" {source.text or ''}"


def list_marker(item: HtmlElement, around: Place) -> str:
    """A hyphen or the item's number, after two spaces for each list that the list is in.

    Args:
        item: the element.
        around: the list it stands in; its count goes on.
    """
    indent = "  " * _levels(around)
    if around.tag != "ol":
        return f"{indent}-"
    ordered = item.getparent()
    backwards = ordered is not None and ordered.get("reversed") is not None
    if (given := _number(item.get("value"))) is not None:
        around.items = given
    elif around.items is None:
        first = _number(ordered.get("start")) if ordered is not None else None
        count = len(ordered.findall("li")) if ordered is not None and backwards else 1
        around.items = first if first is not None else count
    else:
        around.items += -1 if backwards else 1
    return f"{indent}{around.items}."


def _levels(place: Place) -> int:
    above, levels = place.parent, 0
    while above is not None:
        levels += above.tag == "li"
        above = above.parent
    return levels


def _number(text: str | None) -> int | None:
    try:
        number = int(text) if text else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < _MOST_NUMBER else None


def words_of_cell(cell: HtmlElement, inline: Collection[str]) -> str:
    """A cell's text: blocks are parted by a space, the items of a list by a semicolon.

    Args:
        cell: the element.
        inline: tags that part nothing.
    """
    return "".join(_cell(cell, inline))


def _cell(element: HtmlElement, inline: Collection[str]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "math":
            yield formula(child)
        elif child.tag == "a" or child.tag in inline:
            yield from _cell(child, inline)
        elif isinstance(child.tag, str):
            yield "; " if child.tag == "li" and child.getprevious() is not None else " "
            yield from _cell(child, inline)
            yield "" if child.tag == "li" else " "
        yield child.tail or ""


def code_of(element: HtmlElement) -> str:
    """The lines of code in an element, with their indents, without numbers of lines and buttons."""
    pieces: list[str] = []
    _code(element, pieces)
    return "".join(pieces)


def code_of_table(table: HtmlElement) -> str | None:
    """The code in a table whose cells are numbers of lines and lines; None for any other table."""
    rows = list(table.iter("tr"))
    if not rows or not any(map(_is_line_number, rows[0])):
        return None
    return "\n".join("".join(code_of(cell).rstrip() for cell in row if not _is_line_number(cell)) for row in rows)


def _code(element: HtmlElement, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        tag = child.tag
        if tag == "br":
            pieces.append("\n")
        elif isinstance(tag, str) and tag not in _NO_CODE and not _is_line_number(child):
            is_line = tag not in _IN_LINE
            if is_line and pieces and pieces[-1] and not pieces[-1].endswith("\n"):
                pieces.append("\n")
            held = len(pieces)
            _code(child, pieces)
            if is_line and not "".join(pieces[held:]).endswith("\n"):
                pieces.append("\n")
        pieces.append(child.tail or "")


def _is_line_number(element: HtmlElement) -> bool:
    name = element.get("class")
    return name is not None and bool(_LINE_NUMBERS.search(name))


def formula(math: HtmlElement) -> str:
    """A formula in one line: as its author wrote it in TeX, where the page says so, else read from its elements."""
    if said := math.get("alttext"):
        return _TEX.sub(r"\1", said.strip()).strip()
    return " ".join(_formula(math).split())


def _formula(element: HtmlElement) -> str:
    if element.tag in {"annotation", "annotation-xml"}:
        return ""
    parts = [_formula(child) for child in element if isinstance(child.tag, str)]
    if (sign := _SCRIPTS.get(element.tag)) and len(parts) == 2:
        return f"{_grouped(parts[0])}{sign}{_grouped(parts[1])}"
    if element.tag in {"msqrt", "mroot"}:
        return f"√{_grouped(''.join(parts))}"
    text = (element.text or "").strip()
    return (f" {text} " if element.tag == "mo" and text in "=<>≤≥≠≈→" else text) + "".join(parts)


def _grouped(part: str) -> str:
    return part if len(part) <= 1 or part.isalnum() else f"({part})"
