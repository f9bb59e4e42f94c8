"""Joins the lines that paragraphs were wrapped into."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from workers.clean.line import Line

_WRAPPED: Final = range(40, 110)
"""Characters of a line in text that was wrapped."""
_RAGGED: Final = 25
_INDENTED = re.compile(r"\s{2}")
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_CUT = re.compile(r"[^\W\d_]{2}-$")
_AND = re.compile(r"(?:and|or|und|oder|bzw|et|ou|y|e|o|en|of|og|och|eller|i|lub|и|или)\b", re.IGNORECASE)
"""What follows the hyphen of a word that is left open, as in `sea- and airports`."""


def unwrapped(lines: Sequence[Line], *, markdown: bool) -> Iterator[Line]:
    """The lines, those of one paragraph joined.

    Args:
        lines: in their order.
        markdown: whether a line's end is rather a space than a new paragraph: it is in text that people wrote as
            markdown, but not in all dumps of pages.
    """
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _is_under(lines[end], lines[start]):
            end += 1
        chunk = lines[start:end]
        whole = _is_wrapped(chunk) or (markdown and _is_one_sentence(chunk))
        yield from [_joined(chunk)] if whole else _joined_where_open(chunk, markdown=markdown)
        start = end


def _is_under(line: Line, first: Line) -> bool:
    return not line.after_blank and line.shape == "text" and line.quoted == first.quoted


def _is_one_sentence(chunk: Sequence[Line]) -> bool:
    """Whether only a paragraph's last line ends as a sentence does, and most of the others break off within one."""
    inner, following = chunk[:-1], chunk[1:]
    if not inner or chunk[0].shape not in {"text", "item"} or not chunk[-1].ends:
        return False
    if any(line.ends or line.link_share > 0.5 for line in chunk[:-1]):
        return False
    return sum(map(_starts_small, following)) * 2 >= len(following)


def _starts_small(line: Line) -> bool:
    """Whether a line may begin within a sentence: with a small letter, or one of a script that has no others."""
    first = _words(line)[:1]
    return first.islower() or bool(_UNSPACED.match(first))


def _is_wrapped(chunk: Sequence[Line]) -> bool:
    """Whether all lines but the last are about as long as each other, and few end where a sentence does."""
    full = chunk[:-1]
    if len(full) < 2 or chunk[0].shape not in {"text", "item"}:
        return False
    lengths = [len(line.raw.strip()) for line in full]
    if min(lengths) < _WRAPPED.start or max(lengths) >= _WRAPPED.stop or max(lengths) - min(lengths) > _RAGGED:
        return False
    return sum(line.ends for line in full) * 2 < len(full)


def _joined_where_open(chunk: Sequence[Line], *, markdown: bool) -> Iterator[Line]:
    run: list[Line] = []
    for line in chunk:
        if run and not (_goes_on(run[-1], line) or (markdown and _is_within(run, line))):
            yield _joined(run)
            run = []
        run.append(line)
    if run:
        yield _joined(run)


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a sentence runs on: the line breaks off, and what stands right under it starts small."""
    if line.shape not in {"text", "item"} or line.ends or len(line.text) < _WRAPPED.start:
        return False
    return _words(following)[:1].islower()


def _is_within(run: Sequence[Line], following: Line) -> bool:
    """Whether a line of markdown goes on with the item or the quotation over it, which has not ended."""
    first, last = run[0], run[-1]
    if last.ends or first.link_share > 0.5:
        return False
    if first.shape == "item":
        return bool(_INDENTED.match(following.raw))
    return bool(first.quoted) and first.shape == "text"


def _joined(run: Sequence[Line]) -> Line:
    first = run[0]
    if len(run) == 1:
        return first
    return Line(
        number=first.number,
        raw="\n".join(line.raw for line in run),
        text=_text(run),
        shape=first.shape,
        quoted=first.quoted,
        after_blank=first.after_blank,
        links=tuple(link for line in run for link in line.links),
        images=tuple(image for line in run for image in line.images),
        linked=sum(line.linked for line in run),
    )


def _words(line: Line) -> str:
    """What a line says, without the signs of a quotation."""
    return line.text.removeprefix(f"{line.quoted} ") if line.quoted else line.text


def _text(run: Sequence[Line]) -> str:
    """The words of some lines as one: a word that was cut at a line's end is whole again.

    Between signs of Chinese or Japanese a broken line is no gap.
    """
    parts = [run[0].text]
    for line in run[1:]:
        words = _words(line)
        if _CUT.search(parts[-1]) and words[:1].islower() and not _AND.match(words):
            parts[-1] = parts[-1][:-1]
            parts.append(words)
            continue
        is_gap = not (_UNSPACED.match(parts[-1][-1:]) and _UNSPACED.match(words[:1]))
        parts += [" ", words] if is_gap else [words]
    return "".join(parts)
