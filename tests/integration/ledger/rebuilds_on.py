"""What works on rebuilds as another process does; run as a module, it is one, with a lease that it renews."""

import sys

import redis

from shared.ledger.connection import Scripts, connect
from shared.ledger.rebuilds import LEASE_SECONDS, Rebuilds
from shared.models.rebuild import Progress
from shared.settings import Settings


def rebuilds_on(client: redis.Redis, lease_seconds: float = LEASE_SECONDS) -> Rebuilds:
    """The ledger's rebuilds as a process of its own has them."""
    return Rebuilds(Scripts(client, Settings().redis_prefix, (1000, 2, 3, 100)), lease_seconds)


def main(url: str, lease_seconds: str) -> None:
    """Holds a slice until a line comes, saves it, and says whether that was taken."""
    rebuilds = rebuilds_on(connect(url), float(lease_seconds))
    assert rebuilds.take()
    with rebuilds.renewing():
        print("held", flush=True)
        sys.stdin.readline()
        print(rebuilds.save(Progress(state="filling", cursor="first")), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
