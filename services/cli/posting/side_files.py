"""The files that a run writes beside its work, looked at before anything is written: none may be what is posted."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from services.cli.failure import WRONG_USE, CommandFailed
from services.cli.posting.bookmark import Bookmark
from services.cli.posting.inputs import Input

_MOST_BYTES: Final = 64 * 1024
"""No place is larger; a dump that was named by mistake is not read."""


def check_side_files(inputs: Sequence[Input], errors: Path | None, resume: Path | None) -> None:
    """Looks at the files of `--errors` and `--resume`; writes nothing.

    Raises:
        CommandFailed: one is an input, they are one file, the second holds something else than a place, or there is
            no folder for it.
    """
    for option, path in (("--errors", errors), ("--resume", resume)):
        if path is not None and _is_an_input(path, inputs):
            raise CommandFailed(
                f"{option} {path} is one of the inputs", f"choose another file for {option}", code=WRONG_USE
            )
    if resume is None:
        return
    if errors is not None and _same(errors, resume):
        raise CommandFailed(f"--errors and --resume are both {resume}", "choose two files", code=WRONG_USE)
    _check_folder(resume)
    if resume.exists() and not _holds_a_place(resume):
        told = f"--resume {resume} holds something else than a place where a run was cut"
        raise CommandFailed(told, "choose another file for --resume, or a new one", code=WRONG_USE)


def _is_an_input(path: Path, inputs: Sequence[Input]) -> bool:
    return any(each.path is not None and _same(path, each.path) for each in inputs)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one is not there yet
        return one.absolute() == other.absolute()


def _check_folder(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise CommandFailed(f"cannot write {path}: {os.strerror(errno.ENOENT)}", "choose another file for --resume")


def _holds_a_place(path: Path) -> bool:
    """An empty file will do: somebody has made it for this."""
    if not path.is_file() or (size := path.stat().st_size) > _MOST_BYTES:
        return False
    return not size or Bookmark(path).load() is not None
