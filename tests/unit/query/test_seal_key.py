"""Given no key in the settings, then one is made once in the data folder, for its owner alone."""

import multiprocessing
from pathlib import Path

import pytest

from services.query.seal_key import kept_key, seal_key
from shared.settings import Settings


def settings(data: Path, **others: object) -> Settings:
    return Settings.model_validate({"data": data, **others})


def test_a_key_is_made_once_and_is_the_owners(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = seal_key(settings(data))
    assert first is not None
    assert len(first) == 32
    assert seal_key(settings(data)) == first != seal_key(settings(tmp_path / "other"))
    (file,) = data.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o077 == 0


def test_processes_that_start_together_have_the_same_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as processes:
        keys = processes.map(kept_key, [tmp_path / "data" / "cursor.key"] * 40, chunksize=1)
    assert len(set(keys)) == 1
    assert [each.name for each in (tmp_path / "data").iterdir()] == ["cursor.key"]


def test_the_setting_counts_more(tmp_path: Path) -> None:
    assert seal_key(settings(tmp_path, cursor_key="k" * 20)) == b"k" * 20
    assert list(tmp_path.iterdir()) == []


def test_on_elasticsearch_each_process_has_a_key_of_its_own(tmp_path: Path) -> None:
    assert seal_key(settings(tmp_path, search_url="http://127.0.0.1:9200")) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"half of a key"])
def test_a_file_that_is_no_key_seals_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "cursor.key"
    file.write_bytes(content)
    assert seal_key(settings(tmp_path)) is None
    with pytest.raises(OSError, match="remove it"):
        kept_key(file)
    assert file.read_bytes() == content


def test_where_no_key_can_be_kept_each_process_has_its_own(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    assert seal_key(settings(tmp_path / "data")) is None
