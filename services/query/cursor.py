"""Where the next page of results begins, sealed so that it can be handed out."""

import hashlib
import hmac
import secrets
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from typing import TypeVar

from pydantic import ValidationError

from shared.errors import Refused
from shared.models.frozen import Carried
from shared.models.search import MatchUsed
from shared.models.search_query import Sought

_KEY_ID_BYTES = 6
_MAC_BYTES = 16
_HEAD_BYTES = _KEY_ID_BYTES + _MAC_BYTES


Sealed = TypeVar("Sealed", bound=Carried)


class Place(Carried):
    """A place in the results of one search."""

    snapshot: str
    after: str
    """`EngineAnswer.after` of the page before."""
    match: MatchUsed
    asked: str
    """`digest` of the parameters that this place belongs to."""


class Seal:
    """Makes cursors of places and places of cursors; a cursor that was altered is not one any more.

    Args:
        key: gives secret bytes when there is first something to seal (`seal_key`), or is them; absent, or where it
            gives none: fresh random ones, so that cursors end with the process.
    """

    def __init__(self, key: bytes | Callable[[], bytes | None] | None = None) -> None:
        self._given = key
        self._lock = threading.Lock()
        self._made: tuple[bytes, bytes] | None = None

    def close(self, place: Carried) -> str:
        """The place as a cursor, in characters that need no escape in a URL; so is anything else that is handed out."""
        payload = place.model_dump_json().encode()
        key, key_id = self._key()
        return urlsafe_b64encode(key_id + _mac(key, payload) + payload).rstrip(b"=").decode()

    def open(self, cursor: str, pointer: str) -> Place:
        """The place behind a cursor.

        Raises:
            Refused: `invalid`, it is no cursor or was altered; `cursor-expired`, it was sealed with another key,
                so where there was one of its own, or by a process that has ended.
        """
        return self.opened(cursor, Place, wrong=_no_cursor(pointer), stale=expired(pointer))

    def opened(self, sealed: str, kind: type[Sealed], *, wrong: Refused, stale: Refused) -> Sealed:
        """What was closed.

        Args:
            sealed: what was handed out.
            kind: what it is of.
            wrong: raised where it is none of that kind, or was altered.
            stale: raised where another key has sealed it.
        """
        data = _bytes_of(sealed)
        if len(data) <= _HEAD_BYTES:
            raise wrong
        key_id, mac, payload = data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:_HEAD_BYTES], data[_HEAD_BYTES:]
        key, known = self._key()
        if key_id != known:
            raise stale
        if not hmac.compare_digest(mac, _mac(key, payload)):
            raise wrong
        try:
            return kind.model_validate_json(payload)
        except ValidationError:
            raise wrong from None

    def _key(self) -> tuple[bytes, bytes]:
        """The key, and what tells it from others."""
        with self._lock:
            if self._made is None:
                key = (self._given() if callable(self._given) else self._given) or secrets.token_bytes(32)
                self._made = key, hashlib.sha256(b"cursor key" + key).digest()[:_KEY_ID_BYTES]
            return self._made


def _mac(key: bytes, payload: bytes) -> bytes:
    return hmac.digest(key, payload, "sha256")[:_MAC_BYTES]


def digest(query: Sought) -> str:
    """The same for all requests that ask the same; what says where to go on is no part of it."""
    asked = query.model_dump_json(exclude={"cursor", "export", "offset", "wait"}).encode()
    return hashlib.blake2b(asked, digest_size=12).hexdigest()


def expired(pointer: str) -> Refused:
    """The snapshot that a cursor reads from is gone."""
    detail = (
        "This cursor was not used for too long, more states of the index were asked for than are held, or the service "
        "that gave it has ended and kept nothing; search again from the first page."
    )
    return Refused("cursor-expired", detail, pointer=pointer, limit="PAGEMILL_CURSOR_IDLE_SECONDS")


def _no_cursor(pointer: str) -> Refused:
    return Refused("invalid", "This is not a cursor that was handed out here.", pointer=pointer)


def _bytes_of(cursor: str) -> bytes:
    """Base64 has several spellings of the same bytes; only the one that was handed out is read."""
    try:
        data = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (NotBase64, ValueError):
        return b""
    return data if urlsafe_b64encode(data).rstrip(b"=").decode() == cursor else b""
