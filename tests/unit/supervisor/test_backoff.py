from services.supervisor.backoff import Backoff


def test_a_first_exit_is_followed_by_a_start_almost_at_once() -> None:
    assert Backoff().exited(lived=0.1) == 0.2


def test_each_exit_in_a_row_doubles_the_wait_up_to_five_seconds() -> None:
    backoff = Backoff()
    assert [backoff.exited(lived=1.0) for _ in range(7)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_a_thousand_exits_wait_no_longer() -> None:
    backoff = Backoff()
    assert [backoff.exited(lived=0.0) for _ in range(1000)][-1] == 5.0


def test_half_a_minute_of_life_makes_the_next_exit_a_first_one() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.exited(lived=0.0)
    assert backoff.exited(lived=30.0) == 0.2
    assert backoff.in_a_row == 1
