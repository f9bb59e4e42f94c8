"""Rows 3, 4, 17 and 18: the embedded broker is killed, loses what it had not synced, has a full disk, loses bells."""

import time
from contextlib import suppress

import redis

from shared.ledger.connection import connect
from tests.chaos import length
from tests.chaos.house import House, until
from tests.chaos.report import Row
from tests.chaos.senders import Senders
from tests.chaos.verdict import judge
from tests.chaos.witness import Witness


def killed_broker(house: House, fault: str, source: str, times: int) -> Row:
    """kill -9 of the broker every four seconds; the supervisor starts it on the same folder."""
    with Witness(house) as witness:
        with Senders(house, source) as senders:
            for _ in range(times):
                time.sleep(4)
                if house.kill("valkey"):
                    witness.fault()
        row = judge(house, fault, source, senders.taken, witness, faults=times // 2)
    assert set(senders.taken.refused) == {503}
    return row


def power_cut(house: House) -> Row:
    """The same, and what was not fsynced is gone."""
    assert house.machine is not None
    house.machine.hold()
    return killed_broker(house, "4 power cut of the broker", "row4", int(length.of(short=3, long=15)))


def full_disk(house: House) -> Row:
    """No room for the append-only file."""
    assert house.machine is not None
    with Witness(house) as witness:
        with Senders(house, "row17") as senders:
            time.sleep(2)
            house.machine.fill()
            until(lambda: bool(senders.taken.refused), 60, "the door refuses pages while the disk is full")
            time.sleep(length.of(short=3, long=30))
            witness.fault()
            house.machine.free()
            time.sleep(2)
        row = judge(house, "17 disk full under the broker", "row17", senders.taken, witness)
    assert set(senders.taken.refused) == {503}
    return row


def lost_bells(house: House) -> Row:
    """Everything that is not the ledger's is deleted, and the notes of bells that were rung."""
    client = connect(house.redis_url)
    with Witness(house) as witness:
        with Senders(house, "row18") as senders:
            for _ in range(int(length.of(short=5, long=60))):
                time.sleep(1)
                with suppress(redis.RedisError):
                    keys: list[bytes] = client.keys()  # type: ignore[assignment]
                    if celery := [key for key in keys if not key.startswith(b"pm:")]:
                        client.delete(*celery)
                        witness.fault()
        return judge(house, "18 all of Celery's keys deleted", "row18", senders.taken, witness)
