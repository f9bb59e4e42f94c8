"""The verbs against the whole house, as a person types them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.processes

STORY = "The harbour master counts the boats each evening and writes their number on a slate. " * 4


def _json(mill: Stack, *arguments: str, code: int = 0, **options: Any) -> Any:
    ran = mill.run(*arguments, "--json", **options)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout)


def _page(number: int, *, name: str, **fields: Any) -> dict[str, Any]:
    text = f"Page {number} of {name}. {STORY}"
    return {"url": f"https://{name}.example/{number}", "content": text, "content_type": "text/plain", **fields}


def _dump(path: Path, rows: list[Any]) -> str:
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return str(path)


@pytest.mark.parametrize("name", ["dump.jsonl", "dump.ndjson.gz"])
def test_a_dump_is_posted_once_and_a_second_time_it_is_duplicates(mill: Stack, tmp_path: Path, name: str) -> None:
    path = _dump(tmp_path / name, [_page(n, name=name.replace(".", "-")) for n in range(30)])
    first = _json(mill, "post", path, "--wait")
    assert (first["counts"]["accepted"], first["states"]) == (30, {"searchable": 30})
    second = _json(mill, "post", path, "--wait")
    assert (second["counts"]["duplicate"], second["states"]) == (30, {"searchable": 30})


def test_a_folder_of_files_of_every_kind_is_posted(mill: Stack, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><h1>Slates in a folder</h1><p>{STORY}</p></body></html>")
    (tmp_path / "b.md").write_text(f"# Slates in markdown\n\n{STORY}")
    (tmp_path / "c.txt").write_text(f"Slates in text\n{STORY}")
    _dump(tmp_path / "d.jsonl", [_page(1, name="folder")])
    told = _json(mill, "post", str(tmp_path), "--source", "a-folder", "--tag", "slates", "--wait")
    assert (told["counts"]["accepted"], told["states"]) == (4, {"searchable": 4})
    found = _json(mill, "search", "slates", "--source", "a-folder", "--tag", "slates", "--size", "10")
    titles = {hit["title"] for hit in found["hits"]}
    assert {"Slates in a folder", "Slates in markdown"} <= titles


def _record(url: str, body: bytes, media: str = "text/html") -> bytes:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\n\r\n".encode() + body
    head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n"
    return f"{head}Content-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"


@pytest.mark.parametrize("shape", ["plain", "each", "whole"])
def test_an_archive_is_posted_record_by_record(mill: Stack, tmp_path: Path, shape: str) -> None:
    page = f"<html><body><h1>Archived</h1><p>{STORY}</p></body></html>".encode()
    records = [_record(f"https://warc-{shape}.example/{n}", page) for n in range(3)]
    records.append(_record(f"https://warc-{shape}.example/4.png", b"\x89PNG", "image/png"))
    path = tmp_path / ("a.warc" if shape == "plain" else "a.warc.gz")
    each = b"".join(map(gzip.compress, records))
    path.write_bytes({"plain": b"".join(records), "each": each, "whole": gzip.compress(b"".join(records))}[shape])
    counts = _json(mill, "post", str(path))["counts"]
    assert (counts["accepted"], counts["ignored"], counts["rejected"]) == (3, 1, 0)


def test_lines_come_from_standard_input_and_under_other_names(mill: Stack) -> None:
    rows = [
        {"text": f"Row {n}. {STORY}", "link": f"https://rows.example/{n}", "when": "2025-01-01T00:00:00Z", "score": n}
        for n in range(3)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    told = _json(mill, "post", "-", "--map", "text=content,link=url,when=fetched_at", input=lines)
    assert told["counts"]["accepted"] == 3


def test_a_bad_line_is_rejected_and_its_neighbours_are_not(mill: Stack, tmp_path: Path) -> None:
    good = json.dumps(_page(1, name="neighbours"))
    path, errors = tmp_path / "a.jsonl", tmp_path / "errors.jsonl"
    path.write_text(f"{good}\n\njunk\n" + good.replace("/1", "/2") + '\n{"content": "x", "colour": "red"}\n')
    told = _json(mill, "post", str(path), "--errors", str(errors), code=1)
    assert (told["counts"]["accepted"], told["counts"]["rejected"]) == (2, 2)
    rows = [json.loads(line) for line in errors.read_text().splitlines()]
    assert [(row["line"], row["error"]["code"]) for row in rows] == [(3, "unreadable"), (5, "invalid")]


def test_an_option_that_the_services_refuse_is_wrong_use(mill: Stack, tmp_path: Path) -> None:
    path = _dump(tmp_path / "a.jsonl", [_page(1, name="refused")])
    ran = mill.run("post", path, "--source", "a\x07b")
    assert ran.returncode == 2
    assert "source" in ran.stderr


def test_a_page_is_followed_found_and_deleted(mill: Stack, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><h1>Quokkas on the quay</h1><p>{STORY} Quokkas.</p></body></html>")
    url = "https://quokka.example/quay"
    assert _json(mill, "post", str(path), "--url", url, "--wait")["states"] == {"searchable": 1}
    receipt = _json(mill, "status", url)
    assert receipt["state"] == "searchable"
    shown = mill.run("status", receipt["id"]).stdout
    assert [word for word in ("accepted", "clean", "enrich", "index", "searchable") if word in shown] == [
        "accepted",
        "clean",
        "enrich",
        "index",
        "searchable",
    ]
    found = mill.run("search", "quokka", "--site", "quokka.example", "--facets", "site")
    assert "Quokkas on the quay" in found.stdout
    assert "*Quokkas*" in found.stdout
    assert "site: quokka.example 1" in found.stdout
    assert _json(mill, "delete", receipt["id"])["done"] == 1
    assert _json(mill, "status", receipt["id"])["state"] == "deleted"
    again = mill.run("delete", "nobodysid", "--yes")
    assert again.returncode == 1
    assert "nobodysid" in again.stderr


def test_the_ledger_is_told_as_an_equation_that_adds_up(mill: Stack) -> None:
    told = _json(mill, "status")
    assert told["balanced"] is True
    assert "balanced" in mill.run("status").stdout


def test_a_page_nobody_knows_is_a_failure_with_one_line_on_stderr(mill: Stack) -> None:
    ran = mill.run("status", "nobodysid")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "nobodysid" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_search_without_hits_is_explained(mill: Stack, tmp_path: Path) -> None:
    path = tmp_path / "numbat.txt"
    path.write_text("A numbat eats termites.\n" * 20)
    _json(mill, "post", str(path), "--url", "https://numbat.example/", "--wait")
    told = _json(mill, "search", "numbta termites", "--explain")
    assert [(offer["q"], offer["kind"]) for offer in told["offers"]] == [
        ("numbat termites", "spelling"),
        ("termites", "without"),
    ]
    assert "No document has numbta." in mill.run("search", "numbta termites", "--explain").stdout


@pytest.mark.parametrize("option", [("--from", "yesterday"), ("--facets", "colour"), ("--sort", "colour")])
def test_a_search_that_cannot_be_asked_is_wrong_use(mill: Stack, option: tuple[str, str]) -> None:
    ran = mill.run("search", "x", *option)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr


def test_a_preview_shows_what_is_kept_and_what_is_not_and_keeps_nothing(mill: Stack, tmp_path: Path) -> None:
    before = _json(mill, "status")["accepted"]
    sample = Path(__file__).parents[3] / "services" / "cli" / "demo_pages" / "sample_page.txt"
    told = _json(mill, "preview", str(sample))
    assert len(told["clean"]["paragraphs"]) == 11
    shown = mill.run("preview", str(sample)).stdout
    assert told["clean"]["title"] in shown
    assert "dropped" in shown
    assert _json(mill, "status")["accepted"] == before


def test_a_preview_of_a_page_that_would_be_rejected_says_why(mill: Stack, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"%PDF-1.7\n\x00\x01\x02")
    ran = mill.run("preview", str(tmp_path / "a.html"))
    assert ran.returncode == 1
    assert ran.stderr.startswith("pagemill: binary-content: ")
    ran = mill.run("preview", str(tmp_path / "a.html"), "--json")
    assert (ran.returncode, ran.stdout) == (1, "")
    problem = json.loads(ran.stderr)
    assert (problem["code"], problem["reason"]) == ("page-rejected", "binary-content")


@pytest.mark.parametrize("arguments", [("preview", "/dev/zero"), ("dead-letters", "mend", "any-id", "/dev/zero")])
def test_what_has_no_end_is_read_as_far_as_a_page_may_go(mill: Stack, arguments: tuple[str, ...]) -> None:
    ran = mill.run(*arguments)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("pagemill: /dev/zero has more than 10485760 bytes\n")
    assert "PAGEMILL_PAGE_MAX_BYTES" in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("delete", "--yes", "bad id"),
        ("status", "bad id!!"),
        ("status", "ftp://a.example/"),
        ("preview", "-", "--type", "image/png"),
        ("preview", "-", "--url", "nonsense"),
        ("post", "--url", "nonsense", "page.txt"),
        ("status", "a b"),
        ("status", "example.org/tides"),
        ("dead-letters", "show", "bad id"),
        ("dead-letters", "list", "--stage", "nowhere"),
        ("dead-letters", "redrive", "--stage", "nowhere"),
        ("dead-letters", "discard", "bad id", "--note", "a test"),
        ("dead-letters", "list", "--site", ""),
        ("dead-letters", "redrive", "--site", ""),
        ("dead-letters", "discard", "--source", "", "--note", "a test"),
    ],
)
def test_an_argument_that_cannot_be_right_is_wrong_use(mill: Stack, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "page.txt").write_text(STORY)
    ran = mill.run(*arguments, input=STORY, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("pagemill: ")


def test_a_problem_is_told_as_json_where_json_was_asked_for(mill: Stack) -> None:
    for arguments in (["status", "nobodysid"], ["dead-letters", "show", "nobodysid"]):
        ran = mill.run(*arguments, "--json")
        assert (ran.returncode, ran.stdout) == (1, "")
        assert json.loads(ran.stderr)["status"] == 404


def test_dead_letters_are_listed_shown_sent_again_and_let_go(mill: Stack, tmp_path: Path) -> None:
    rows = [{"url": f"https://dead.example/{n}", "body": "JVBERi0xLjcKAAECAwQ="} for n in range(3)]
    path = _dump(tmp_path / "dead.jsonl", rows)
    assert _json(mill, "post", path, "--source", "dead-feed", "--wait", code=1)["states"] == {"dead": 3}
    listed = _json(mill, "dead-letters", "list", "--source", "dead-feed")
    assert listed["total"] == 3
    page_id = listed["items"][0]["id"]
    assert page_id in mill.run("dead-letters", "list", "--source", "dead-feed").stdout
    shown = mill.run("dead-letters", "show", page_id).stdout
    assert "binary-content" in shown
    dry = _json(mill, "dead-letters", "redrive", "--source", "dead-feed", "--dry-run")
    assert (dry["matched"], dry["done"]) == (3, 0)
    assert _json(mill, "dead-letters", "redrive", page_id)["done"] == 1
    mill.drained()
    assert mill.run("dead-letters", "discard", "--source", "dead-feed").returncode == 2
    assert "3 of 3 discarded" in mill.run("dead-letters", "discard", "--source", "dead-feed", "--note", "a test").stdout
    assert _json(mill, "dead-letters", "list", "--source", "dead-feed")["total"] == 0


def test_a_dead_letter_is_shown_with_its_page_and_mended_from_a_file(mill: Stack, tmp_path: Path) -> None:
    rows = [
        {"url": f"https://dead.example/m{n}", "content": "<html><body><!-- nothing --></body></html>", "title": "Tides"}
        for n in range(2)
    ]
    path = _dump(tmp_path / "mend.jsonl", rows)
    _json(mill, "post", path, "--source", "mend-feed", "--wait", code=1)
    ids = [item["id"] for item in _json(mill, "dead-letters", "list", "--source", "mend-feed")["items"]]
    assert "<!-- nothing -->" in mill.run("dead-letters", "show", ids[0]).stdout
    (tmp_path / "page.html").write_text(f"<p>{STORY}</p>")
    assert "sent as version" in mill.run("dead-letters", "mend", ids[0], str(tmp_path / "page.html")).stdout
    told = json.loads(mill.run("dead-letters", "mend", ids[1], "-", "--json", input=STORY).stdout)
    assert (told["id"], told["status"]) == (ids[1], "accepted")
    mill.drained()
    assert _json(mill, "dead-letters", "list", "--source", "mend-feed")["total"] == 0
    assert {hit["title"] for hit in _json(mill, "search", "--source", "mend-feed")["hits"]} == {"Tides"}
    assert mill.run("dead-letters", "mend", ids[0], str(tmp_path / "none.html")).returncode == 2


def test_the_words_of_a_query_need_no_quotes(mill: Stack, tmp_path: Path) -> None:
    path = _dump(tmp_path / "words.jsonl", [_page(1, name="quokkas", content=f"Quokkas nap by day. {STORY}")])
    _json(mill, "post", path, "--wait")
    told = _json(mill, "search", "quokkas", "nap", "--size", "5", "day", "--match", "all")
    assert told["total"]["value"] == 1
    assert _json(mill, "search", "quokkas", "nap", "nosuchword", "--match", "all")["total"]["value"] == 0


def test_what_is_no_id_is_told_as_such(mill: Stack) -> None:
    assert "'a b' is neither an id nor a URL" in mill.run("status", "a b").stderr


@pytest.mark.parametrize("arguments", [(), ("someid", "--site", "a.example"), ("someid", "--all")])
def test_it_must_be_clear_which_dead_letters_are_meant(mill: Stack, arguments: tuple[str, ...]) -> None:
    ran = mill.run("dead-letters", "redrive", *arguments)
    assert ran.returncode == 2
    assert "not clear" in ran.stderr


def test_what_a_page_says_cannot_steer_the_terminal(mill: Stack, tmp_path: Path) -> None:
    title = "\x1b]0;owned\x07Wombats \x9b31m&#27;[2J\u202etxet"
    row = _page(1, name="wombats", title=title, content=f"Wombats \x1b[31m&#27;[5m dig. {STORY}")
    path = _dump(tmp_path / "a.jsonl", [row])
    _json(mill, "post", path, "--wait")
    for arguments in (["search", "wombats"], ["search", "wombats", "--json"], ["status", row["url"]]):
        shown = mill.run(*arguments).stdout
        assert "ombats" in shown
        assert not set(shown) & set("\x1b\x07\x9b\u202e")
