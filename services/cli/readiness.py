import http.client
import json
from urllib.parse import urlsplit


class Readiness:
    """Asks `/readyz` of services on this machine.

    By http.client, which is imported in no time: it is asked while six processes start on the same cores.

    Args:
        url: their address.
    """

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port
        self._lacks = "no answer yet"

    def asked(self) -> bool:
        """Whether they are ready."""
        line = http.client.HTTPConnection(self._host, self._port, timeout=1.0)
        try:
            line.request("GET", "/readyz")
            answer = line.getresponse()
            self._lacks = _failing(answer.read())
        except (OSError, http.client.HTTPException) as error:
            self._lacks = f"no answer: {error or type(error).__name__}"
            return False
        else:
            return answer.status == http.client.OK
        finally:
            line.close()

    def lacks(self) -> str:
        """What was not well when they were last asked."""
        return self._lacks


def _failing(body: bytes) -> str:
    try:
        checks = json.loads(body)["checks"]
        return ", ".join(f"{check['name']}: {check['detail']}" for check in checks if not check["ok"])
    except (ValueError, KeyError, TypeError):
        return "an answer that cannot be read"
