from trafilatura.utils import trim

from workers.clean.caches import CacheKeeper


def test_vendor_caches_are_emptied_once_enough_has_gone_through() -> None:
    keeper = CacheKeeper(bytes_between=1_000)
    trim("some line of a page")
    keeper.saw(600)
    held = trim.cache_info().currsize
    keeper.saw(600)
    assert held > 0
    assert trim.cache_info().currsize == 0


def test_caches_are_left_alone_between_two_emptyings() -> None:
    keeper = CacheKeeper(bytes_between=1_000)
    keeper.saw(1_000)
    trim("some line of a page")
    keeper.saw(999)
    assert trim.cache_info().currsize > 0
