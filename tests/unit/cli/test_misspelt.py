import pytest

from services.cli.misspelt import misspelt


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("PAGEMILL_CLEAN_WORKER", "PAGEMILL_CLEAN_WORKERS"),
        ("PAGEMILL_REDISURL", "PAGEMILL_REDIS_URL"),
        ("PAGEMILL_COLOUR", None),
        ("PAGEMILL_DAT", "PAGEMILL_DATA"),
    ],
)
def test_the_nearest_setting_is_named_if_one_is_near(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: str | None
) -> None:
    monkeypatch.setenv(written, "x")
    assert misspelt()[written] == meant


def test_what_sets_something_is_not_misspelt(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAGEMILL_DATA", "PAGEMILL_CONFIG"):
        monkeypatch.setenv(name, "x")
    assert misspelt().keys().isdisjoint({"PAGEMILL_DATA", "PAGEMILL_CONFIG"})
