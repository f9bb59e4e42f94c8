"""Texts for pages."""

import random

_WORDS = """anchor barge berth buoy cable captain cargo channel chart coal compass container crew current deck dock
engine fender fleet fog fuel gale grain hull iron jetty keel ladder lantern ledger lock mast mooring night oil pier
pump quay radio rain rope rudder sailor salt sand signal silt steel tank timber trade trawler tug wharf winch wind
yard""".split()


def unlike(number: int) -> str:
    """Some sentences; those of one number are no near copy of those of another."""
    dice = random.Random(number)
    return " ".join(f"The {' '.join(dice.sample(_WORDS, 9))} came {dice.randint(2, 99)} times." for _ in range(12))
