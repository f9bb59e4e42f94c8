"""How a call of a webhook is signed: as the Standard Webhooks specification has it, for which there are libraries."""

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Final

_PREFIX: Final = "whsec_"


def headers(message_id: str, secret: str, body: bytes, now: float) -> dict[str, str]:
    """The three headers that prove where a call comes from.

    Args:
        message_id: the same each time that the same is sent.
        secret: `whsec_` and base64, or any other text.
        body: as it is sent.
        now: seconds since 1970; whoever is called refuses what is too old.
    """
    timestamp = str(int(now))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}


def _key(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        try:
            return b64decode(secret.removeprefix(_PREFIX), validate=True)
        except NotBase64:
            pass
    return secret.encode()
