"""Given how many documents were published when, then the bars fit, have no gaps, and stay in the range."""

from datetime import date

import pytest

from services.query.page.chart import HEIGHT, WIDTH, chart, finer, interval_for
from shared.models.search import HistogramBar


def bars(**counts: int) -> list[HistogramBar]:
    return [HistogramBar(start=f"{name[1:5]}-{name[5:7]}-{name[7:9]}", count=count) for name, count in counts.items()]


@pytest.mark.parametrize(
    ("first", "last", "interval"),
    [
        (None, None, "month"),
        (date(2024, 1, 1), None, "month"),
        (date(2024, 1, 1), date(2024, 2, 1), "day"),
        (date(2024, 1, 1), date(2024, 9, 1), "week"),
        (date(2022, 1, 1), date(2024, 9, 1), "month"),
        (date(2004, 1, 1), date(2024, 9, 1), "year"),
    ],
)
def test_the_bars_fit_the_range(first: date | None, last: date | None, interval: str) -> None:
    assert interval_for(first, last) == interval


def test_few_months_are_looked_at_by_day_and_many_are_put_together_as_years() -> None:
    assert finer(bars(d20240101=1, d20240201=1), "month") == "day"
    assert finer(bars(d20240101=1, d20241101=1), "month") == "week"
    assert finer(bars(d20200101=1, d20240101=1), "month") is None
    drawn = chart(bars(d20010301=2, d20010701=3, d20241201=1), "month")
    assert [(bar.label, bar.documents) for bar in (drawn[0], drawn[1], drawn[-1])] == [
        ("2001", 5),
        ("2002", 0),
        ("2024", 1),
    ]
    assert len(drawn) == 24


def test_intervals_without_documents_have_an_empty_bar() -> None:
    drawn = chart(bars(d20240101=4, d20240104=2), "day")
    assert [bar.documents for bar in drawn] == [4, 0, 0, 2]
    assert [bar.height for bar in drawn] == [HEIGHT, 0, 0, HEIGHT / 2]
    assert drawn[-1].x + drawn[-1].width <= WIDTH


def test_a_single_document_among_thousands_is_seen() -> None:
    assert all(bar.height >= 3 for bar in chart(bars(d20240101=100_000, d20240102=1), "day"))


def test_no_bar_reaches_out_of_the_range_that_was_asked_for() -> None:
    drawn = chart(bars(d20240101=1, d20240108=1), "week", date(2024, 1, 3), date(2024, 1, 10))
    assert [(bar.first, bar.last) for bar in drawn] == [
        (date(2024, 1, 3), date(2024, 1, 7)),
        (date(2024, 1, 8), date(2024, 1, 10)),
    ]


def test_dates_at_both_ends_of_the_calendar_are_drawn() -> None:
    drawn = chart(bars(d00010101=1, d99991201=1), "month")
    assert [bar.documents for bar in drawn] == [1, 1]
    assert drawn[-1].last == date(9999, 12, 31)
    assert chart(bars(d99991201=1), "month")[0].last == date.max
    assert chart(bars(d99991227=1), "week")[0].last == date.max
    assert chart([], "month") == []


def test_a_bar_by_itself_is_no_background() -> None:
    (bar,) = chart(bars(d20240101=7), "day")
    assert (bar.x, bar.height) == (0, 100)
    assert bar.width < 200
