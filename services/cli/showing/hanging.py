"""A label and what it is about, at a terminal's width."""

from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text


class Hanging(NamedTuple):
    """A text whose later lines begin where its first one does.

    Args:
        label: before the first line.
        text: what follows it.
        indent: columns before each line of the text; a label that is longer has a line of its own.
    """

    label: Text
    text: Text
    indent: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = self.text.wrap(console, max(20, options.max_width - self.indent))
        beside = self.label.cell_len <= self.indent
        if not beside:
            yield self.label
        for number, line in enumerate(lines):
            label = self.label if beside and number == 0 else Text("")
            line.rstrip()
            yield Text.assemble(label, " " * (self.indent - label.cell_len), line)
