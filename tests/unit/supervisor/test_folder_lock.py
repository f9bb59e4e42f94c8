import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.supervisor.folder_lock import FolderLock, Taken, lock_file, owner

HOLDS_FOR_EVER = """
import sys, time
from pathlib import Path
from services.supervisor.folder_lock import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_folder_has_one_owner_at_a_time(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as lock:
        lock.tell(address="http://127.0.0.1:1")
        with pytest.raises(Taken) as taken, FolderLock(tmp_path):
            pass
    assert taken.value.owner == {"pid": os.getpid(), "address": "http://127.0.0.1:1"}


def test_nothing_is_left_of_a_lock_that_was_let_go(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        assert owner(tmp_path) == {"pid": os.getpid()}
    assert not lock_file(tmp_path).exists()
    assert owner(tmp_path) is None


def test_a_longer_word_about_the_owner_is_replaced_by_a_shorter_one(tmp_path: Path) -> None:
    with FolderLock(tmp_path) as lock:
        lock.tell(address="http://127.0.0.1:1", redis_url="unix:///somewhere")
        lock.tell()
        assert owner(tmp_path) == {"pid": os.getpid()}


def test_a_killed_owner_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDS_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    assert owner(tmp_path) == {"pid": holder.pid}
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert lock_file(tmp_path).exists()
    assert owner(tmp_path) is None
    with FolderLock(tmp_path):
        assert owner(tmp_path) == {"pid": os.getpid()}


def test_a_lock_file_that_holds_rubbish_still_locks(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        lock_file(tmp_path).write_text("[1")
        assert owner(tmp_path) == {}
