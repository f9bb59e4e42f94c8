import io
import os
from pathlib import Path

import pytest

from services.cli.failure import WRONG_USE, CommandFailed
from services.cli.posting.inputs import find
from services.cli.posting.items import Reading
from services.cli.posting.walking import walk


def _names(paths: list[str]) -> list[str]:
    return [Path(each.name).name for each in find(paths)]


def test_a_folder_is_walked_in_order_of_name_and_hidden_entries_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("z.html", "a.md", "b/2.txt", "b/1.htm", "b/.hidden.html", ".git/x.html", "notes.pdf"):
        (tmp_path / name).write_text("x")
    assert _names([str(tmp_path)]) == ["a.md", "1.htm", "2.txt", "z.html"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.HTML", "page"),
        ("a.markdown", "page"),
        ("a.jsonl", "lines"),
        ("a.ndjson.gz", "lines"),
        ("a.warc", "records"),
        ("CC-MAIN-1.warc.wet.gz", "records"),
    ],
)
def test_the_name_of_a_file_tells_its_kind(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (found,) = find([str(tmp_path / name)])
    assert (found.kind, found.size) == (kind, 1)


def test_a_hyphen_is_standard_input(tmp_path: Path) -> None:
    (found,) = find(["-"])
    assert (found.path, found.kind) == (None, "lines")


@pytest.mark.parametrize("name", ["missing.html", "notes.pdf", "empty"])
def test_what_cannot_be_posted_is_wrong_use_and_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.pdf").write_text("x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandFailed) as failed:
        find([str(tmp_path / name)])
    assert failed.value.code == WRONG_USE
    assert name in str(failed.value)


def test_a_link_that_leads_round_in_a_circle_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert _names([str(tmp_path)]) == ["a.html"]


def _too_deep(folder: Path) -> None:
    """Folders in one another whose path is longer than the system takes: the innermost cannot be listed by its name."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(18):
        os.mkdir("d" * 250, dir_fd=at)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)


@pytest.mark.parametrize("bad", ["a link to itself", "a link to nothing", "a folder"])
def test_an_entry_that_cannot_be_looked_at_is_rejected_alone(tmp_path: Path, bad: str) -> None:
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "z.html").write_text("x")
    if bad == "a folder":
        _too_deep(tmp_path)
    else:
        name = "loop" if bad == "a link to itself" else "m.html"
        (tmp_path / name).symlink_to(tmp_path / ("loop" if name == "loop" else "nothing.html"))
    walked = list(walk(find([str(tmp_path)]), Reading(1000, 1000), io.BytesIO()))
    assert [bool(placed.item.data) for placed in walked] == [True, False, True]
    problem = walked[1].item.problem
    assert problem is not None
    assert problem.code == "unreadable"
    assert walked[1].source.name in problem.detail
    assert (
        list(walk([placed.source for placed in walked], Reading(1000, 1000), io.BytesIO(), walked[1].place))
        == walked[2:]
    )


def test_what_is_neither_file_nor_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    os.mkfifo(tmp_path / "pipe.html")
    assert _names([str(tmp_path)]) == ["a.html"]
