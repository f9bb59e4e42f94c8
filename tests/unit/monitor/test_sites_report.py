"""Given a site's days, then it stands out when it went quiet or its pages die, and not for less."""

from datetime import UTC, datetime

import pytest

from services.monitor.sites_report import SiteReport, sites_report
from shared.ledger.measures import SiteDay

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def days(first: int, last: int, **counts: int) -> list[SiteDay]:
    return [SiteDay(day=f"2026-11-{day:02}", site="a.example", **counts) for day in range(first, last + 1)]


def only(found: list[SiteDay]) -> SiteReport:
    (site,) = sites_report(found, 28, NOW).sites
    return site


def test_a_site_that_sends_every_day_is_well() -> None:
    site = only(days(10, 27, accepted=20, searchable=20))
    assert (site.standing, site.why, site.accepted) == ("well", None, 360)


def test_a_site_that_has_sent_nothing_since_yesterday_is_quiet() -> None:
    site = only(days(10, 25, accepted=20, searchable=20))
    assert site.standing == "quiet"
    assert site.why == "no page since 2026-11-25, about 20 a day before"


@pytest.mark.parametrize(
    "found",
    [days(22, 25, accepted=50), days(10, 25, accepted=2), days(10, 26, accepted=50)],
    ids=["no habit yet", "few pages", "a page yesterday"],
)
def test_silence_means_nothing_where_it_may_be_chance(found: list[SiteDay]) -> None:
    assert only(found).standing == "well"


def test_a_site_whose_pages_suddenly_die_is_failing() -> None:
    site = only([*days(10, 25, accepted=20, searchable=20), *days(26, 27, accepted=20, searchable=4, dead=16)])
    assert (site.standing, site.why) == ("failing", "32 of 40 pages died since yesterday, 0% before")


def test_a_site_whose_pages_die_today_is_failing_however_many_were_well_yesterday() -> None:
    found = [*days(10, 26, accepted=1000, searchable=1000), *days(27, 27, accepted=420, searchable=20, dead=400)]
    assert (only(found).standing, only(found).why) == ("failing", "400 of 420 pages died today, 0% before")


def test_of_a_site_without_a_past_nothing_is_said_of_one() -> None:
    site = only(days(27, 27, accepted=9, dead=9))
    assert (site.standing, site.why) == ("failing", "9 of 9 pages died since yesterday, the first of this site")


def test_deaths_that_are_few_are_no_failure() -> None:
    assert only(days(26, 27, accepted=2, dead=2)).standing == "well"


@pytest.mark.parametrize("each_day", [{"dead": 25, "searchable": 5}, {"dead": 2}], ids=["many pages", "few a day"])
def test_a_site_whose_pages_have_always_died_is_poor_and_never_well(each_day: dict[str, int]) -> None:
    total, dead = sum(each_day.values()) * 18, each_day["dead"] * 18
    site = only(days(10, 27, accepted=sum(each_day.values()), **each_day))
    assert (site.standing, site.why) == (
        "poor",
        f"{dead} of {total} pages died, {each_day['dead'] * 2} since yesterday",
    )


def test_of_all_other_sites_together_nothing_is_said() -> None:
    (others,) = sites_report([SiteDay(day="2026-11-27", site="*", accepted=50, dead=50)], 28, NOW).sites
    assert (others.standing, others.why) == ("well", None)


def test_those_that_stand_out_are_first_and_then_the_largest() -> None:
    told = [
        *days(27, 27, accepted=5),
        *(day.model_copy(update={"site": "big.example"}) for day in days(27, 27, accepted=900)),
        *(day.model_copy(update={"site": "bad.example"}) for day in days(27, 27, accepted=9, dead=9)),
        *(day.model_copy(update={"site": "gone.example"}) for day in days(1, 20, accepted=9)),
        *(day.model_copy(update={"site": "ever.example"}) for day in days(10, 27, accepted=9, dead=9)),
    ]
    report = sites_report(told, 28, NOW)
    assert [site.site for site in report.sites] == [
        *("bad.example", "gone.example", "ever.example", "big.example", "a.example"),
    ]
    assert (report.days[0], report.days[-1], len(report.days)) == ("2026-10-31", "2026-11-27", 28)
