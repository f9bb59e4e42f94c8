"""Notes are written by one real process and read by another after it was killed."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from shared.ledger.carried import Leased
from workers.at_hand import AtHand, clear_away, left_behind

LEASES = [Leased(id=f"p{n}", version=n + 1, stage="clean", token=n, strikes=0, frame=b"") for n in range(3)]
_HOLDER = """
import sys, time
from pathlib import Path
from shared.ledger.carried import Leased
from workers.at_hand import AtHand
leases = [Leased(id=f"p{n}", version=n + 1, stage="clean", token=n, strikes=0, frame=b"x" * 9) for n in range(4)]
note = AtHand(Path(sys.argv[1]))
note.hold(leases)
for position in range(int(sys.argv[2])):
    note.begin(position)
if sys.argv[3] == "drop":
    note.drop()
print("held", flush=True)
time.sleep(60)
"""


def killed(folder: Path, begun: int, end: str = "keep") -> list[tuple[list[str], list[str]]]:
    """What a process leaves that was killed after it had begun so many pages of four."""
    words = [sys.executable, "-c", _HOLDER, str(folder), str(begun), end]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        assert list(left_behind(folder)) == [], "it lives, so its pages are its own"
        process.kill()
    return [
        ([lease.id for lease in guilty], [lease.id for lease in others]) for guilty, others, _ in left_behind(folder)
    ]


def test_the_page_in_hand_is_told_from_the_others(tmp_path: Path) -> None:
    assert killed(tmp_path, begun=3) == [(["p2"], ["p0", "p1", "p3"])]
    assert list(left_behind(tmp_path)) == [], "a note is read once"


def test_before_the_first_page_nobody_is_guilty(tmp_path: Path) -> None:
    assert killed(tmp_path, begun=0) == [([], ["p0", "p1", "p2", "p3"])]


def test_a_process_that_had_handed_everything_on_leaves_nothing(tmp_path: Path) -> None:
    assert killed(tmp_path, begun=4, end="drop") == []


def test_what_a_process_wrote_as_it_died_is_read_with_its_note_and_then_taken_away(tmp_path: Path) -> None:
    killed(tmp_path, begun=1)
    assert list(tmp_path.iterdir()) == []
    note = AtHand(tmp_path)
    os.write(note.last_words, b"File x, line 3")
    note.hold([])
    for path in list(tmp_path.iterdir()):
        pid, _ = path.stem.split("-")
        path.rename(tmp_path / f"{pid}-1{path.suffix}")
    assert [left.last_words for left in left_behind(tmp_path)] == ["File x, line 3"]
    assert list(tmp_path.iterdir()) == []


def test_a_process_id_that_is_used_again_does_not_keep_an_old_note(tmp_path: Path) -> None:
    note = AtHand(tmp_path)
    note.hold([])
    path = next(path for path in tmp_path.iterdir() if not path.suffix)
    pid, started = path.name.split("-")
    path.rename(tmp_path / f"{pid}-{int(started) - 100_000}")
    assert len(list(left_behind(tmp_path))) == 1
    assert time.time() > int(started) / 100


def test_a_folder_that_was_cleaned_away_is_made_again_with_the_next_batch(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    note = AtHand(folder)
    shutil.rmtree(folder)
    note.hold(LEASES)
    note.begin(1)
    os.write(note.last_words, b"File x, line 3")
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in list(folder.iterdir()):
        path.rename(folder / f"{path.stem.split('-')[0]}-1{path.suffix}")
    [left] = left_behind(folder)
    assert ([lease.id for lease in left.guilty], left.last_words) == (["p1"], "File x, line 3")


def test_where_no_note_can_be_kept_pages_are_worked_on_without(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"a file where the folder was")
    note = AtHand(tmp_path / "notes")
    note.hold(LEASES)
    note.begin(0)
    note.rest()
    os.write(note.last_words, b"File x, line 3")
    note.drop()
    (tmp_path / "notes").unlink()
    note.hold(LEASES)
    assert any(not path.suffix for path in (tmp_path / "notes").iterdir()), "it is kept as soon as it can be"


def test_the_last_worker_takes_the_folder_with_it_unless_something_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    note = AtHand(folder)
    clear_away(folder)
    assert folder.exists(), "this process lives"
    (words,) = folder.iterdir()
    words.rename(folder / f"{words.stem.split('-')[0]}-1.last")
    clear_away(folder)
    assert not folder.exists()
    note.hold(LEASES)
    path = next(path for path in folder.iterdir() if not path.suffix)
    path.rename(folder / f"{path.stem.split('-')[0]}-1")
    clear_away(folder)
    assert [len(left.others) for left in left_behind(folder)] == [3], "what was held is still to be given back"
