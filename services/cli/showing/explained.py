"""How a query was understood."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from services.cli.showing.terminal import one_line


def explanation(told: Mapping[str, Any]) -> RenderableType:
    """The tree with its counts, what each word became, and with no hits the blame and the offers.

    Args:
        told: the answer of `GET /v1/search/explain`.
    """
    count = told["total"]["value"]
    summary = f"{_documents(count)} with match={one_line(told['match'])}, in {told['took_ms']['total']:.1f} ms"
    return Group(_branch(told["tree"]), Text(""), *_blame(told), Text(summary, "dim"))


def _branch(clause: Mapping[str, Any], onto: Tree | None = None) -> Tree:
    documents = "not counted" if clause["documents"] is None else _documents(clause["documents"])
    label = Text.assemble((one_line(clause["text"]) or "(everything)", "bold"), f"  {clause['kind']}, {documents}")
    branch = onto.add(label) if onto else Tree(label)
    for word in clause["words"]:
        branch.add(Text(_word(word), "dim"))
    for part in clause["parts"]:
        _branch(part, branch)
    return branch


def _word(word: Mapping[str, Any]) -> str:
    forms = (f"{one_line(form['form'])} ({one_line(form['language'] or 'as written')})" for form in word["forms"])
    return f"{one_line(word['word'])}: {', '.join(forms) or 'not known'}"


def _blame(told: Mapping[str, Any]) -> Iterator[Text]:
    for each in told["blame"]:
        yield Text(one_line(each["detail"]), "yellow")
    for offer in told["offers"]:
        filters = " without the filters" if offer["kind"] == "without-filters" else ""
        yield Text.assemble("try: ", (one_line(offer["q"]), "bold"), f"{filters}  {_documents(offer['documents'])}")


def _documents(count: int) -> str:
    return f"{count:,} document{'' if count == 1 else 's'}"
