from pathlib import Path

from services.cli.posting.bookmark import Bookmark
from services.cli.posting.walking import Place

PLACE = Place(passed=2, digest="ab", offset=77, number=5)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    bookmark = Bookmark(tmp_path / "sub" / "mark.json")
    bookmark.save(PLACE, {"accepted": 3}, "page")
    saved = bookmark.load()
    assert saved is not None
    assert (saved.place, saved.counts, saved.witness) == (PLACE, {"accepted": 3}, "page")
    assert [path.name for path in bookmark.path.parent.iterdir()] == ["mark.json"]


def test_a_bookmark_that_is_gone_or_half_written_says_nothing(tmp_path: Path) -> None:
    bookmark = Bookmark(tmp_path / "mark.json")
    assert bookmark.load() is None
    bookmark.save(PLACE, {}, None)
    bookmark.path.write_bytes(bookmark.path.read_bytes()[:-9])
    assert bookmark.load() is None
    bookmark.clear()
    bookmark.clear()
    assert not bookmark.path.exists()


def test_another_address_or_another_input_has_another_bookmark() -> None:
    one = Bookmark.of_run(["http://127.0.0.1:8800"], ["/a"])
    assert one.path == Bookmark.of_run(["http://127.0.0.1:8800"], ["/a"]).path
    assert one.path != Bookmark.of_run(["http://127.0.0.1:8801"], ["/a"]).path
    assert one.path != Bookmark.of_run(["http://127.0.0.1:8800"], ["/b"]).path


def test_a_place_knows_the_options_that_it_was_kept_under(tmp_path: Path) -> None:
    path = tmp_path / "mark.json"
    Bookmark(path, ["http://127.0.0.1:8800", "a crawl"]).save(PLACE, {}, "page")
    saved = Bookmark(path).load()
    assert saved is not None
    assert saved.options == Bookmark(path, ["http://127.0.0.1:8800", "a crawl"]).options
    assert saved.options != Bookmark(path, ["http://127.0.0.1:8800", "another"]).options
