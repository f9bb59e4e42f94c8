"""What the ledger asks of the index room beside indexing: deletes, and the bodies of dead letters.

A delete is done in two steps, so that a page is found no more while the archive is away.
"""

from shared.archive.port import ArchivedPage, PageArchive
from shared.ledger.errands import Errand
from shared.ledger.ledger import Ledger
from shared.search.port import IndexWriter


def run_errands(ledger: Ledger, writer: IndexWriter, archive: PageArchive) -> None:
    """Does all that is asked.

    Raises:
        DependencyUnavailable: one of the stores is away; the rest waits.
    """
    take_out(ledger, writer)
    put_away(ledger, archive)


def take_out(ledger: Ledger, writer: IndexWriter) -> None:
    """Takes deleted pages out of the index; the archive's part of it is an errand of its own from then on.

    Raises:
        DependencyUnavailable: the index is away; the rest waits.
    """
    while deletes := ledger.errands.waiting("delete"):
        writer.delete({each.id: each.version for each in deletes})
        ledger.errands.taken_out(deletes)


def put_away(ledger: Ledger, archive: PageArchive) -> None:
    """Does what is asked of the archive; each errand is settled only after it is durable, so a cut is done again.

    Raises:
        DependencyUnavailable: the archive is away; the rest waits.
    """
    while errands := [each for each in ledger.errands.waiting() if each.kind != "delete"]:
        _erase(ledger, archive, [each for each in errands if each.kind == "erase"])
        _shelve(ledger, archive, [each for each in errands if each.kind == "shelve"])
        for each in errands:
            if each.kind == "live":
                archive.mark_live(each.id, each.version)
                ledger.errands.settle([each])


def _erase(ledger: Ledger, archive: PageArchive, errands: list[Errand]) -> None:
    if errands:
        archive.delete({each.id: each.version for each in errands})
        ledger.errands.settle(errands)


def _shelve(ledger: Ledger, archive: PageArchive, errands: list[Errand]) -> None:
    if errands:
        bodies = ledger.errands.bodies(errands)
        archive.put(
            [
                ArchivedPage(id=each.id, version=each.version, packed=body, dead=True)
                for each, body in zip(errands, bodies, strict=True)
                if body is not None
            ]
        )
        ledger.errands.shelved(errands)
        ledger.errands.settle(errands)
