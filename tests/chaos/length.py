"""How long the faults last: short in CI, long where CHAOS=long asks for it (`make chaos`)."""

import os
import random

LONG = os.environ.get("CHAOS") == "long"
SEED = int(os.environ.get("CHAOS_SEED", "20250101"))


def of(*, short: float, long: float) -> float:
    """Seconds, or times, for this run."""
    return long if LONG else short


def dice(name: str) -> random.Random:
    """Chance that falls the same way in every run with the same seed."""
    return random.Random(f"{SEED} {name}")
