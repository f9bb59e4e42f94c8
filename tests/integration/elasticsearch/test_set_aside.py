"""An index that nothing is written to any more is known as that, whatever becomes of its aliases."""

import re

import pytest

from shared.errors import DependencyUnavailable
from shared.search.elasticsearch.parts import ASIDE_NOTE
from tests.elasticsearch.place import Place

pytestmark = pytest.mark.elasticsearch


def by_mistake(place: Place) -> None:
    """The first index holds a page; its aliases are lost, and an empty one that somebody made is adopted."""
    place.write("a", "b")
    place.make("000009")
    place.lose_both("000001")
    place.set_up(adopt="000009")


@pytest.mark.smoke
def test_what_was_set_aside_by_an_adoption_is_not_adopted_where_another_one_is_whole(place: Place) -> None:
    by_mistake(place)
    aside = place.generations.status()[1]
    assert (aside.role, "lacks what was written and deleted since" in (aside.trouble or "")) == ("aside", True)
    assert aside.replaced_at is not None
    place.write("c")
    place.lose_both("000009")
    before = place.aliases()
    whole = f"{place.prefix}documents-000009"
    with pytest.raises(DependencyUnavailable, match=f"000001 lacks what was written and deleted since .*{whole}"):
        place.set_up(adopt="000001")
    assert place.aliases() == before
    place.set_up(adopt="000009")
    assert place.found() == {"c"}


def test_where_no_other_one_is_whole_it_is_adopted_and_told_what_it_lacks_and_the_mark_goes(place: Place) -> None:
    by_mistake(place)
    place.delete("documents-000009")
    done = place.set_up(adopt="000001")
    assert "lacks what was written and deleted since" in done[-1]
    assert "pagemill index rebuild --from-raw" in done[-1]
    assert place.found() == {"a", "b"}
    assert ASIDE_NOTE not in place.notes("000001")
    place.lose_both("000001")
    assert not [line for line in place.set_up(adopt="000001") if "lacks" in line]


def test_setting_up_says_what_each_index_was(place: Place) -> None:
    by_mistake(place)
    place.go_live(place.rebuild())
    place.rebuild()
    place.lose_both("000010")
    with pytest.raises(DependencyUnavailable) as told:
        place.set_up()
    shown = str(told.value).replace(f"{place.prefix}documents-", "")
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    for each in (
        rf"000001 \(aside since {moment}\)",
        rf"000009 \(kept since {moment}\)",
        r"000010 \(live last, or made by hand\)",
        rf"000011 \(being filled since {moment}\)",
    ):
        assert re.search(each, shown), shown


def test_one_that_is_kept_goes_on_being_written_to_and_is_adopted(place: Place) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.write("b")
    place.generations.status()
    place.lose_both("000002")
    assert not [line for line in place.set_up(adopt="000001") if "lacks" in line]
    assert place.found() == {"a", "b"}
    assert ASIDE_NOTE in place.notes("000002"), "no alias leads to it"


def test_one_that_is_gone_back_to_is_not_marked_as_replaced_any_more(place: Place) -> None:
    place.go_live(place.rebuild())
    place.generations.go_live(f"{place.prefix}documents-000001")
    assert "pagemill_replaced_at" not in place.notes("000001")
    assert "pagemill_replaced_at" in place.notes("000002")


def test_one_whose_alias_was_lost_while_another_is_live_is_marked_by_whoever_looks(place: Place) -> None:
    place.write("a")
    place.go_live(place.rebuild())
    place.change(("remove", "000001", "-kept"), ("remove", "000001", "-write-000001"))
    place.generations.status()
    place.change(("add", "000001", "-kept"), ("add", "000001", "-write-000001"))
    kept = place.generations.status()[1]
    assert (kept.role, "lacks what was written" in (kept.trouble or "")) == ("kept", True)


def test_while_the_aliases_lead_to_two_nothing_is_written_and_nothing_is_marked(place: Place) -> None:
    place.write("a")
    place.make("000002")
    place.change(("remove", "000001", ""), ("add", "000002", ""))
    place.generations.status()
    assert ASIDE_NOTE not in place.notes("000001")
    place.set_up(adopt="000001")
    assert place.found() == {"a"}


def test_an_index_of_another_format_is_marked_when_it_is_set_aside(place: Place) -> None:
    place.write("a")
    place.note("000001", {"pagemill_format": 0})
    place.go_live(place.rebuild())
    assert {"pagemill_format", ASIDE_NOTE} <= set(place.notes("000001"))
    assert place.generations.status()[1].replaced_at is not None
