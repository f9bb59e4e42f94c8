import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.integration.cli.command import pagemill


def test_a_wrong_value_is_told_by_the_settings_name(tmp_path: Path) -> None:
    ran = pagemill("up", folder=tmp_path, clean_workers="many")
    assert ran.returncode == 2
    assert ran.stderr.startswith("pagemill: PAGEMILL_CLEAN_WORKERS: Input should be a valid integer")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("arguments", [("--data", ""), ()])
def test_an_empty_path_is_no_data_folder(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = pagemill("up", *arguments, folder=tmp_path, data="pages" if arguments else "")
    assert ran.returncode == 2
    assert "an empty path names no folder" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", " "])
@pytest.mark.parametrize("option", ["--adopt", "--grant"])
def test_an_empty_name_for_setting_the_index_up_is_wrong_use(option: str, name: str, tmp_path: Path) -> None:
    ran = pagemill("index", "setup", option, name, folder=tmp_path, search_url="http://127.0.0.1:9")
    assert (ran.returncode, ran.stderr.startswith(f"pagemill: {option} names no ")) == (2, True)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("keys list >&-", 1, b"pagemill: the output cannot be written: Bad file descriptor\n"),
        ("keys list > /dev/full", 1, b"pagemill: the output cannot be written: No space left on device\n"),
        ("clean <&-", 0, b""),
        ("--version 2>&-", 0, b""),
    ],
)
def test_a_stream_that_is_closed_or_full_is_told_in_a_line(
    command: str, code: int, said: bytes, tmp_path: Path
) -> None:
    program = f"{sys.executable} -P -m services.cli.entry {command}"
    ran = subprocess.run(program, shell=True, cwd=tmp_path, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (code, said)


def test_a_wrong_value_is_told_by_the_file_that_it_stands_in(tmp_path: Path) -> None:
    file = tmp_path / "pagemill.toml"
    file.write_text('clean_workers = "many"\nlog_format = "text"\n')
    ran = pagemill("up", folder=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"pagemill: PAGEMILL_CLEAN_WORKERS, as clean_workers in {file}: Input should be")
    ran = pagemill("up", folder=tmp_path, clean_workers="few")
    assert ran.stderr.startswith("pagemill: PAGEMILL_CLEAN_WORKERS: Input should be"), "a variable wins over the file"


def test_a_settings_file_that_is_no_toml_is_told_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("clean_workers = ")
    ran = pagemill("up", folder=tmp_path, config=str(file))
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"pagemill: {file} is no TOML: ")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'data = "\xff"\n', "is no TOML: it is not UTF-8, at byte 8"),
        (None, "is no file that settings can be read from"),
    ],
)
@pytest.mark.parametrize("verb", ["up", "search"])
def test_a_settings_file_that_cannot_be_read_is_told(
    verb: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "pagemill.toml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    ran = pagemill(verb, folder=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"pagemill: {file} {said}\n")


@pytest.mark.parametrize(
    ("verb", "url"),
    [
        ("up", "foo"),
        ("work", "http://cache:6379/0"),
        ("search", "redis://:sec/ret@cache:6379/0"),
        ("up", "redis://cache?colour=secret"),
        ("up", "unix://"),
        ("up", "redis://cache/x"),
    ],
)
def test_an_address_that_no_redis_has_is_refused_without_showing_it(verb: str, url: str, tmp_path: Path) -> None:
    ran = pagemill(*(["work", "clean"] if verb == "work" else [verb]), folder=tmp_path, redis_url=url)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("pagemill: PAGEMILL_REDIS_URL: this is no address of a Redis.")
    assert "unix:///PATH?db=NUMBER" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "sec" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_is_half_json_is_told_by_its_name_and_shape(tmp_path: Path) -> None:
    ran = pagemill("up", folder=tmp_path, allowed_hosts='["mill.internal"')
    assert ran.returncode == 2
    assert ran.stderr.startswith("pagemill: PAGEMILL_ALLOWED_HOSTS: write texts parted by commas, or a JSON list")


def test_the_version_is_told(tmp_path: Path) -> None:
    ran = pagemill("--version", folder=tmp_path)
    assert ran.returncode == 0
    assert ran.stdout == f"pagemill {version('pagemill')}\n"


def test_an_unknown_verb_is_wrong_use(tmp_path: Path) -> None:
    ran = pagemill("fly", folder=tmp_path)
    assert ran.returncode == 2
    assert "No such command 'fly'" in ran.stderr


@pytest.mark.parametrize("verb", ["up", "serve"])
def test_an_open_address_is_refused_before_anything_is_made(verb: str, tmp_path: Path) -> None:
    arguments = ["up"] if verb == "up" else ["serve", "together"]
    ran = pagemill(*arguments, folder=tmp_path, listen="0.0.0.0:0", redis_url="redis://127.0.0.1:1")
    assert ran.returncode == 1
    assert "the keys are kept where the ledger is" in ran.stderr, "nobody can say whether there is one"
    assert list(tmp_path.iterdir()) == []
    ran = pagemill("up", folder=tmp_path, listen="0.0.0.0:0")
    assert ran.returncode == 2
    assert "PAGEMILL_ALLOW_OPEN" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("serve", "ingest"), ("serve", "monitor"), ("work", "clean")])
def test_a_process_of_its_own_needs_a_redis(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = pagemill(*arguments, folder=tmp_path)
    assert ran.returncode == 2
    assert "PAGEMILL_REDIS_URL is not set" in ran.stderr


@pytest.mark.parametrize("arguments", [("up",), ("serve", "ingest"), ("work", "clean")])
def test_a_variable_that_sets_nothing_is_told_with_the_setting_that_may_be_meant(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")  # no data folder can be made of it, so that nothing is started
    ran = pagemill(*arguments, folder=tmp_path, data=str(tmp_path / "file"), clean_worker="3", listen="127.0.0.1:0")
    (line,) = [line for line in ran.stderr.splitlines() if "sets nothing" in line]
    assert "PAGEMILL_CLEAN_WORKER" in line
    assert "PAGEMILL_CLEAN_WORKERS" in line


@pytest.mark.parametrize("room", ["solo", "index"])
def test_rooms_of_one_process_take_no_second(room: str, tmp_path: Path) -> None:
    ran = pagemill("work", room, "--concurrency", "2", folder=tmp_path, redis_url="redis://127.0.0.1:1")
    assert ran.returncode == 2
    assert f"the {room} room takes no --concurrency 2" in ran.stderr


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = pagemill("up", "--data", str(tmp_path / "file" / "data"), folder=tmp_path)
    assert ran.returncode == 1
    assert "cannot use" in ran.stderr
    assert "Not a directory" in ran.stderr


def test_a_rebuild_is_ended_or_begun_and_not_both(tmp_path: Path) -> None:
    ran = pagemill("index", "rebuild", "--cancel", "--from-raw", folder=tmp_path, url="http://127.0.0.1:1")
    assert ran.returncode == 2
    assert "--from-raw begins one" in ran.stderr


@pytest.mark.parametrize("verb", ["rebuild", "rollback", "retire", "status"])
def test_the_index_verbs_say_where_nobody_answers(verb: str, tmp_path: Path) -> None:
    ran = pagemill("index", verb, folder=tmp_path, url="http://127.0.0.1:1")
    assert ran.returncode == 1
    assert ran.stderr.startswith("pagemill: nothing answers at http://127.0.0.1:1")


def test_a_data_folder_that_takes_no_byte_is_told_as_such(tmp_path: Path) -> None:
    with _no_byte_more():
        ran = pagemill("up", "--port", "0", folder=tmp_path)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"pagemill: cannot use {tmp_path / 'data'} as data folder: File too large")
    assert "Make room" in ran.stderr


@contextmanager
def _no_byte_more() -> Iterator[None]:
    """Children started in the block write no byte to any file, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
