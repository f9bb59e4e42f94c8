"""Pages by day and site, and which sites stand out: gone quiet, with pages that die of late, or that always do."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

from shared.ledger.measures import SiteDay
from shared.models.frozen import Carried

_USUAL_PAGES: Final = 3.0
"""Pages a day below which a site's silence means nothing."""
_USUAL_DAYS: Final = 5
"""Days with pages, of those before the last two, that make a habit."""
_DEAD_MANY: Final = 5
_DEAD_SHARE: Final = 0.3
"""Of the pages that ended."""
_OTHERS: Final = "*"

SiteStanding = Literal["failing", "quiet", "poor", "well"]
"""In the order in which they are told: `failing` of late, `poor` for as long as is known."""


class SiteReport(Carried):
    """One site; `*` are all those beyond the first 2,000 of a day, which are always told as well."""

    site: str
    standing: SiteStanding
    why: str | None
    """Why it stands out."""
    accepted: int
    searchable: int
    dead: int
    days: tuple[SiteDay, ...]
    """Those on which there was anything."""


class SitesReport(Carried):
    """A calendar, those that stand out first, then by pages."""

    days: tuple[str, ...]
    """All of them, oldest first, today last."""
    sites: tuple[SiteReport, ...]


def sites_report(found: Iterable[SiteDay], days: int, now: datetime) -> SitesReport:
    """The calendar.

    Args:
        found: what was counted.
        days: how many, today among them.
        now: what today is.
    """
    names = tuple((now - timedelta(days=ago)).strftime("%Y-%m-%d") for ago in reversed(range(days)))
    by_site: dict[str, list[SiteDay]] = {}
    for each in found:
        by_site.setdefault(each.site, []).append(each)
    told = [_site(site, told, names) for site, told in by_site.items()]
    rank = get_args(SiteStanding)
    told.sort(key=lambda each: (rank.index(each.standing), -each.accepted, each.site))
    return SitesReport(days=names, sites=tuple(told))


def _site(site: str, days: Sequence[SiteDay], names: Sequence[str]) -> SiteReport:
    late, before = _parted(days, names[-2:])
    told = _failing(late, before, "since yesterday") or _failing(*_parted(days, names[-1:]), "today")
    standing, why = ("failing", told) if told else _standing(late, before)
    if site == _OTHERS:
        standing, why = "well", None  # of sites that have nothing in common, nothing can be said
    return SiteReport(
        site=site,
        standing=standing,
        why=why,
        accepted=sum(day.accepted for day in days),
        searchable=sum(day.searchable for day in days),
        dead=sum(day.dead for day in days),
        days=tuple(days),
    )


def _parted(days: Sequence[SiteDay], late: Sequence[str]) -> tuple[list[SiteDay], list[SiteDay]]:
    """The days that are among the last ones, and those before."""
    return [day for day in days if day.day in late], [day for day in days if day.day not in late]


def _failing(late: Sequence[SiteDay], before: Sequence[SiteDay], when: str) -> str | None:
    """What tells that pages die of late that did not before."""
    dead, ended = _dead(late), _ended(late)
    ended_before = _ended(before)
    usual = _dead(before) / ended_before if ended_before else 0.0
    if dead < _DEAD_MANY or dead / ended < max(_DEAD_SHARE, 2 * usual):
        return None
    earlier = f"{usual:.0%} before" if ended_before else "the first of this site"
    return f"{dead} of {ended} pages died {when}, {earlier}"


def _standing(late: Sequence[SiteDay], before: Sequence[SiteDay]) -> tuple[SiteStanding, str | None]:
    """Of one that is not failing."""
    dead, ended = _dead(late), _ended(late)
    active = [day for day in before if day.accepted]
    mean = sum(day.accepted for day in active) / len(active) if active else 0.0
    if not sum(day.accepted for day in late) and len(active) >= _USUAL_DAYS and mean >= _USUAL_PAGES:
        return "quiet", f"no page since {max(day.day for day in active)}, about {mean:.0f} a day before"
    all_dead, all_ended = dead + _dead(before), ended + _ended(before)
    if dead and all_dead >= _DEAD_MANY and all_dead / all_ended >= _DEAD_SHARE:
        return "poor", f"{all_dead} of {all_ended} pages died, {dead} since yesterday"
    return "well", None


def _dead(days: Sequence[SiteDay]) -> int:
    return sum(day.dead for day in days)


def _ended(days: Sequence[SiteDay]) -> int:
    return sum(day.searchable + day.dead + day.dropped for day in days)
