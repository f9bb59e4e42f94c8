"""Aliases that were lost: what is unambiguous is put back, and an empty index never takes the place of a full one."""

import pytest

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.setup import Layout, set_up
from tests.elasticsearch.place import Place

pytestmark = pytest.mark.elasticsearch


@pytest.mark.parametrize("only_missing", [True, False])
def test_where_indices_lie_there_and_none_is_live_no_empty_one_is_made(place: Place, only_missing: bool) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.lose_both("000002")
    place.delete("documents-000001")
    with pytest.raises(DependencyUnavailable, match=r"documents-000002.*pagemill index setup --adopt INDEX"):
        place.set_up(only_missing=only_missing)
    assert set(place.aliases()) == {"documents-000002", "archive-000001"}
    well, detail = place.index.healthy()
    assert (well, "pagemill index setup" in detail) == (False, True)
    with pytest.raises(DependencyUnavailable, match="pagemill index setup"):
        place.write("b")


def test_an_index_that_is_adopted_is_live_with_all_that_it_held(place: Place) -> None:
    place.write("a")
    place.lose_both("000001")
    done = place.set_up(adopt="000001")
    assert f"{place.prefix}documents-000001 is live" in done
    place.write("b")
    assert place.found() == {"a", "b"}
    assert place.index.healthy()[0]
    assert place.set_up(only_missing=True) == []


def test_an_earlier_index_that_is_adopted_is_kept_no_more(place: Place) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.write("b")
    place.delete("documents-000002")
    with pytest.raises(DependencyUnavailable, match=r"documents-000001.*--adopt"):
        place.set_up()
    place.set_up(adopt="000001")
    assert place.aliases()["documents-000001"] == {"documents", "documents-write", "documents-write-000001"}
    assert place.found() == {"a", "b"}


def test_what_cannot_be_live_is_not_adopted_and_nothing_changes(place: Place) -> None:
    place.write("a")
    place.rebuild()
    with pytest.raises(DependencyUnavailable, match=r"documents-000001 is live.*rollback"):
        place.set_up(adopt="000002")
    place.lose_both("000001")
    before = place.aliases()
    with pytest.raises(DependencyUnavailable, match="documents-000002 is being filled"):
        place.set_up(adopt="000002")
    with pytest.raises(DependencyUnavailable, match=r"no index .*documents-000007.*documents-000001"):
        place.set_up(adopt="000007")
    assert place.aliases() == before


@pytest.mark.smoke
def test_an_index_that_was_being_filled_is_not_adopted_without_its_alias_either(place: Place) -> None:
    place.write("a")
    place.rebuild()
    place.change(("remove", "000002", "-building"), ("remove", "000002", "-write-000002"))
    aside = place.generations.status()[1]
    assert (aside.role, "not all is in it" in (aside.trouble or "")) == ("aside", True)
    place.lose_both("000001")
    before = place.aliases()
    with pytest.raises(DependencyUnavailable, match="documents-000002 was being filled, and not all is in it"):
        place.set_up(adopt="000002")
    assert place.aliases() == before
    place.set_up(adopt="000001")
    assert place.found() == {"a"}


def test_an_index_that_went_live_after_it_was_filled_is_adopted(place: Place) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.lose_both("000002")
    place.set_up(adopt="000002")
    assert place.found() == {"a"}
    assert [(each.role, each.trouble) for each in place.generations.status()] == [("live", None), ("kept", None)]


@pytest.mark.parametrize("alias", ["", "-write", "-write-000001"])
@pytest.mark.parametrize("only_missing", [True, False])
def test_one_alias_that_is_missing_is_put_back(place: Place, alias: str, only_missing: bool) -> None:
    place.write("a")
    before = place.aliases()
    place.change(("remove", "000001", alias))
    assert not place.index.healthy()[0]
    place.set_up(only_missing=only_missing)
    assert place.aliases() == before
    place.write("b")
    assert place.found() == {"a", "b"}


def test_an_earlier_index_s_own_alias_is_put_back_too(place: Place) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.change(("remove", "000001", "-write-000001"))
    with pytest.raises(DependencyUnavailable, match="pagemill index setup"):
        place.write("b")
    place.set_up(only_missing=True)
    place.write("b")
    assert place.found() == {"a", "b"}


def test_aliases_that_lead_to_two_indices_are_told_and_put_right_by_name(place: Place) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.change(("remove", "000002", "-write"), ("add", "000001", "-write"))
    well, detail = place.index.healthy()
    assert (well, "pagemill index setup" in detail) == (False, True)
    with pytest.raises(DependencyUnavailable, match="--adopt"):
        place.set_up()
    place.set_up(adopt="000002")
    assert place.index.healthy()[0]
    place.write("c")
    assert "c" in place.found()


@pytest.mark.parametrize("name", ["documents-restored", "archive-000001", "documents", "documents-*", "documents-02"])
def test_a_name_that_no_index_of_documents_can_have_is_told_as_one(place: Place, name: str) -> None:
    place.write("a")
    place.client.put(f"/{place.prefix}documents-restored").raise_for_status()
    place.lose_both("000001")
    before = place.aliases()
    with pytest.raises(DependencyUnavailable, match=r"is no name of an index of documents.*documents-000001") as told:
        set_up(place.access, place.prefix, Layout(replicas=0), adopt=f"{place.prefix}{name}")
    assert "there is no index" not in str(told.value)
    assert place.aliases() == before


def test_the_archive_s_alias_is_put_back_where_one_index_lies_there(place: Place) -> None:
    alias = {"index": f"{place.prefix}archive-000001", "alias": f"{place.prefix}archive"}
    before = place.aliases()
    place.client.post("/_aliases", json={"actions": [{"remove": alias}]}).raise_for_status()
    place.set_up(only_missing=True)
    assert place.aliases() == before
