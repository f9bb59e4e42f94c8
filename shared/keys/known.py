import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Literal, get_args

from shared.keys.spelling import Shown, read_key
from shared.models.frozen import Carried, Moment

Scope = Literal["ingest", "query", "admin"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


class ApiKey(Carried):
    """What is known of a key; from this nobody gets the key itself."""

    id: str
    name: str
    """Who has it, for people."""
    scopes: frozenset[Scope]
    salt: str
    digest: str
    """Keyed hash of the proof; both in hexadecimal."""
    rate: int | None = None
    """Requests a minute."""
    quota: int | None = None
    """Requests a day, UTC."""
    made_at: Moment

    def is_of(self, shown: Shown) -> bool:
        """Whether this is the key that was shown; takes as long for a wrong one as for a right one."""
        return hmac.compare_digest(_digest(shown.proof, bytes.fromhex(self.salt)), bytes.fromhex(self.digest))

    def reaches(self, needed: Iterable[Scope]) -> bool:
        """Whether one of these scopes is its own; `admin` reaches everything."""
        return "admin" in self.scopes or not self.scopes.isdisjoint(needed)


def new_key(
    text: str, name: str, scopes: Iterable[Scope], *, rate: int | None = None, quota: int | None = None
) -> ApiKey:
    """What is to be kept of a key.

    Args:
        text: the key, from `spelling.fresh` or made in its spelling elsewhere.
        name: who has it.
        scopes: what it reaches.
        rate: requests a minute; None: any number.
        quota: requests a day; None: any number.

    Raises:
        ValueError: the text is not spelt as a key.
    """
    shown = read_key(text)
    if shown is None:
        raise ValueError("a key is spelt pm_ID_SECRET, with 8 to 16 characters in ID and at least 43 in SECRET")
    salt = secrets.token_bytes(32)
    return ApiKey(
        id=shown.id,
        name=name,
        scopes=frozenset(scopes),
        salt=salt.hex(),
        digest=_digest(shown.proof, salt).hex(),
        rate=rate,
        quota=quota,
        made_at=datetime.now(UTC),
    )


def _digest(proof: bytes, salt: bytes) -> bytes:
    """One fast keyed hash; docs/decisions/0013 says why not a slow one."""
    return hashlib.blake2b(proof, key=salt, digest_size=32).digest()
