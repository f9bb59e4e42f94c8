"""Names found in news, against names marked by hand: precision, recall and F1 by kind.

`news_names.tsv` has the names of 75 short news items that gensim ships for its tests (Lee, Pincombe and Welsh, "An
empirical evaluation of models of text document similarity", 2005; from the Australian Broadcasting Corporation); the
items themselves are not kept here: `QUALITY_NEWS` names the folder with `lee.cor` and `lee_background.cor`. Alternative
spellings are parted by `|`. A name counts once a document; it is found where the words are the same, `the` and case
aside. A third of the items, by hash, is held out.
"""

import os
import re
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from shared.models.document import Names
from workers.enrich.names import find_names

LABELS = Path(__file__).parent / "data" / "news_names.tsv"
KINDS = ("people", "places", "organisations")
READ_CHARS = 1_300
"""Of the longer items, so much was marked."""


class Item(NamedTuple):
    id: str
    text: str
    names: tuple[tuple[frozenset[str], ...], ...]
    """By kind, each name with its spellings."""

    @property
    def held_out(self) -> bool:
        return int(sha256(self.id.encode()).hexdigest(), 16) % 3 == 0


class Counts(NamedTuple):
    found: int
    right: int
    marked: int

    @property
    def precision(self) -> float:
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.marked)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def folder() -> Path | None:
    named = os.environ.get("QUALITY_NEWS")
    return Path(named) if named else None


def items() -> list[Item]:
    where = folder()
    if where is None:
        raise SystemExit("QUALITY_NEWS names no folder with lee.cor and lee_background.cor")
    texts = {
        "lee": (where / "lee.cor").read_text("latin-1").split("\n"),
        "background": (where / "lee_background.cor").read_text("utf-8").split("\n"),
    }
    found = []
    for line in LABELS.read_text("utf-8").splitlines():
        name, *kinds = line.split("\t")
        corpus, number = name.split()
        marked = tuple(
            tuple(frozenset(map(plain, each.split("|"))) for each in kind.split(";") if each.strip())
            for kind in [*kinds, "", ""][:3]
        )
        found.append(Item(name, texts[corpus][int(number) - 1][:READ_CHARS], marked))
    return found


def counts(given: Sequence[Item], find: Callable[[str], Names]) -> dict[str, Counts]:
    told = dict.fromkeys(KINDS, Counts(0, 0, 0))
    for item in given:
        names = find(item.text)
        for at, kind in enumerate(KINDS):
            found = {plain(name) for name in getattr(names, kind)}
            right = sum(bool(found & spellings) for spellings in item.names[at])
            before = told[kind]
            told[kind] = Counts(before.found + len(found), before.right + right, before.marked + len(item.names[at]))
    return told


def measure() -> None:
    if folder() is None:
        print("Names: QUALITY_NEWS names no folder with lee.cor and lee_background.cor")
        return
    given = items()
    print("Names in news: precision, recall, F1 (marked)")
    for part, chosen in (
        ("development", [item for item in given if not item.held_out]),
        ("held out", [item for item in given if item.held_out]),
    ):
        told = counts(chosen, find_names)
        told["all"] = Counts(*(sum(each) for each in zip(*told.values(), strict=True)))
        for kind, got in told.items():
            print(f"  {part:12} {kind:14} {got.precision:.3f}  {got.recall:.3f}  {got.f1:.3f}  ({got.marked})")
    started = time.process_time()
    words = sum(len(item.text.split()) for item in given if find_names(item.text) is not None)
    print(f"  CPU: {1e6 * (time.process_time() - started) / words:.2f} ms per 1,000 words")


def plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold().removeprefix("the ")))
