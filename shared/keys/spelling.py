"""How a key is spelt, and what a browser holds in its place.

`pm_ID_SECRET`: the id is looked up and may be shown, the secret is 256 random bits. A cookie holds `ID.PROOF`, where
the proof is a hash of the secret: it opens pages for as long as the key lives, and the key cannot be had back from it.
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, NamedTuple

_KEY: Final = re.compile(r"pm_([a-z0-9]{8,16})_([A-Za-z0-9_-]{43,128})")
_COOKIE: Final = re.compile(r"([a-z0-9]{8,16})\.([A-Za-z0-9_-]{43})")
_PERSON: Final = b"pagemill-proof"


class Shown(NamedTuple):
    """What a caller has shown: which key, and the proof that it is theirs."""

    id: str
    proof: bytes


def fresh() -> str:
    """A new key: 256 bits from the operating system."""
    return f"pm_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"


def read_key(text: str) -> Shown | None:
    """The id and the proof of a key; None where it is not spelt as one."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    return Shown(found[1], hashlib.blake2b(found[2].encode(), person=_PERSON, digest_size=32).digest())


def cookie_of(shown: Shown) -> str:
    """What a browser keeps of a key."""
    return f"{shown.id}.{urlsafe_b64encode(shown.proof).decode().rstrip('=')}"


def read_cookie(text: str) -> Shown | None:
    """The id and the proof in a cookie; None where it is not spelt as one."""
    found = _COOKIE.fullmatch(text)
    return None if found is None else Shown(found[1], urlsafe_b64decode(found[2] + "="))
