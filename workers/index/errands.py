"""What the ledger asks of the index room beside indexing: deletes, and the bodies of dead letters."""

from shared.archive.port import ArchivedPage, PageArchive
from shared.ledger.errands import Errand
from shared.ledger.ledger import Ledger
from shared.search.port import IndexWriter


def run_errands(ledger: Ledger, writer: IndexWriter, archive: PageArchive) -> None:
    """Does what is asked; each errand is settled only after it is durable, so a cut is done again.

    Raises:
        DependencyUnavailable: one of the stores is away; the rest waits.
    """
    while errands := ledger.errands.waiting():
        _delete(ledger, writer, archive, [each for each in errands if each.kind == "delete"])
        _shelve(ledger, archive, [each for each in errands if each.kind == "shelve"])
        for each in errands:
            if each.kind == "live":
                archive.mark_live(each.id, each.version)
                ledger.errands.settle([each])


def _delete(ledger: Ledger, writer: IndexWriter, archive: PageArchive, errands: list[Errand]) -> None:
    if errands:
        versions = {each.id: each.version for each in errands}
        writer.delete(versions)
        archive.delete(versions)
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
