import http.client
import json
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

_ELSEWHERE: Final = frozenset({"intake", "workers"})
"""Checks of what waits for others: a service that tells of it has started, and does all that it can."""
_UNREADABLE: Final = "an answer that cannot be read"


class Readiness:
    """Asks `/readyz` of services on this machine.

    By http.client, which is imported in no time: it is asked while six processes start on the same cores.

    Args:
        url: their address.
        despite: further checks that may fail.
    """

    def __init__(self, url: str, despite: Collection[str] = ()) -> None:
        address = urlsplit(url)
        self._despite = _ELSEWHERE.union(despite)
        self._host, self._port = address.hostname or "", address.port
        self._lacks = "no answer yet"

    def asked(self) -> bool:
        """Whether they are ready, or only what waits elsewhere keeps them from it."""
        line = http.client.HTTPConnection(self._host, self._port, timeout=1.0)
        try:
            line.request("GET", "/readyz")
            answer = line.getresponse()
            failing = _failing(answer.read())
            self._lacks = (
                _UNREADABLE if failing is None else ", ".join(f"{name}: {why}" for name, why in failing.items())
            )
        except (OSError, http.client.HTTPException) as error:
            self._lacks = f"no answer: {error or type(error).__name__}"
            return False
        else:
            return answer.status == http.client.OK or bool(failing and failing.keys() <= self._despite)
        finally:
            line.close()

    def hears(self, seconds: float) -> bool:
        """Whether they answer anything at all within so long."""
        line = http.client.HTTPConnection(self._host, self._port, timeout=seconds)
        try:
            line.request("GET", "/healthz")
            line.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True
        finally:
            line.close()

    def lacks(self) -> str:
        """What was not well when they were last asked."""
        return self._lacks


def _failing(body: bytes) -> dict[str, str] | None:
    """Checks that fail, and why; None where that cannot be read."""
    try:
        return {check["name"]: check["detail"] for check in json.loads(body)["checks"] if not check["ok"]}
    except (ValueError, KeyError, TypeError):
        return None
