"""Trees made of trees: without a part, or with another word in its place."""

from collections.abc import Callable

from shared.query_language.tree import AllOf, And, Boost, In, Node, Not, Or, Phrase, Required, Word


def without(tree: AllOf, left_out: Node) -> AllOf:
    """The same without one part, which is known by identity; groups of one are that one."""
    return _top(_changed(tree, lambda node: None if node is left_out else node))


def respelt(tree: AllOf, words: dict[str, str]) -> AllOf:
    """The same with other words in place of these."""

    def change(node: Node) -> Node:
        if isinstance(node, Word) and node.text in words:
            return Word(text=words[node.text], position=node.position)
        if isinstance(node, Phrase) and not words.keys().isdisjoint(node.words):
            return node.model_copy(update={"words": tuple(words.get(word, word) for word in node.words)})
        return node

    return _top(_changed(tree, change))


def _top(node: Node | None) -> AllOf:
    return node if isinstance(node, AllOf) else AllOf(parts=(node,) if node else ())


def _changed(node: Node, change: Callable[[Node], Node | None]) -> Node | None:
    match changed := change(node):
        case AllOf() | And() | Or():
            parts = tuple(part for each in changed.parts if (part := _changed(each, change)))
            if len(parts) > 1 or isinstance(changed, AllOf):
                return changed.model_copy(update={"parts": parts})
            return parts[0] if parts else None
        case In() | Boost() | Required() | Not():
            part = _changed(changed.part, change)
            return changed.model_copy(update={"part": part}) if part else None
        case _:
            return changed
