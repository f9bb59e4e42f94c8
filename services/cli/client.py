"""The services as the command's verbs call them."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Self
from urllib.parse import quote, urlsplit

import httpx

from services.cli.address import host_and_port
from services.cli.failure import FAILED, WRONG_USE, CommandFailed
from services.cli.showing.terminal import as_json
from shared.keys import read_key
from shared.settings import Settings

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (whom to call where `listen` is any address)
_TIMEOUT: Final = httpx.Timeout(60, connect=5)
"""Seconds; a batch of 10,000 pages is answered in a few."""

_GIVEN: Final = {"query", "path", "ids", "filter", "note", "url", "content_type"}
"""What a pointer begins with where it leads to an argument or option; anything else is in a file."""

Content = bytes | Iterable[bytes]


class ServerAway(CommandFailed):
    """Nothing answered, or the connection was cut before the answer came."""


class ServerRefused(CommandFailed):
    """The services answered with a problem; it is wrong use where the problem is with what a verb was given.

    Args:
        problem: RFC 9457, or what could be made of the answer.
        retry_after: seconds, where the answer named them.
    """

    def __init__(self, problem: dict[str, Any], retry_after: float | None = None) -> None:
        pointer = str(problem.get("pointer") or "")
        position = problem.get("position")
        place = f", character {position[0] + 1}" if position else ""
        about = f" ({pointer.removeprefix('/query/')}{place})" if pointer and not pointer.startswith("/path/") else ""
        reason = f"{problem['reason']}: " if problem.get("reason") else ""
        detail = str(problem.get("detail") or problem.get("title") or "the request was refused")
        limit = problem.get("limit")
        super().__init__(
            f"{reason}{detail}{about}",
            f"the limit is set by {limit}" if limit else "",
            code=WRONG_USE if pointer.partition("/")[2].partition("/")[0] in _GIVEN else FAILED,
        )
        self.problem = problem
        self.status = int(problem.get("status") or 500)
        self.retry_after = retry_after


def address(settings: Settings) -> str:
    """The address that clients call: PAGEMILL_URL, else what a running stack wrote down, else where it would listen.

    Raises:
        CommandFailed: it is no http address, or nothing says where the services are.
    """
    url = settings.url or _written(settings) or _listening(settings)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CommandFailed(
            f"PAGEMILL_URL is {url!r}, no http address", "give one such as http://127.0.0.1:8800", code=WRONG_USE
        )
    return url.rstrip("/")


def _written(settings: Settings) -> str:
    try:
        return (settings.data / "url").read_text("utf-8").strip()
    except OSError:
        return ""


def _listening(settings: Settings) -> str:
    host, port = host_and_port(settings.listen)
    if not port:
        raise CommandFailed(
            f"nothing says where the services are: {settings.data / 'url'} is not there",
            "start them with `pagemill up`, or set PAGEMILL_URL",
        )
    host = _ANYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def key_header(settings: Settings) -> dict[str, str]:
    """The header that says who calls; none where no key is set.

    Raises:
        CommandFailed: what is set is no key.
    """
    if settings.key is None:
        return {}
    text = settings.key.get_secret_value().strip()
    if read_key(text) is None:
        raise CommandFailed("PAGEMILL_KEY is no key", "it is spelt pm_ID_SECRET; see `pagemill keys`", code=WRONG_USE)
    return {"Authorization": f"Bearer {text}"}


class Client:
    """Calls the services at one address.

    Every call raises ServerAway where nothing answers, and ServerRefused where a problem is the answer.

    Args:
        url: where they answer.
        json: whether a problem is told as JSON.
        headers: sent with every call, as `key_header` gives them.
    """

    def __init__(self, url: str, *, json: bool = False, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self._json = json
        loopback = (urlsplit(url).hostname or "") in _LOOPBACK
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, trust_env=not loopback, headers=headers)

    @classmethod
    def of(cls, settings: Settings, *, json: bool = False) -> Self:
        """The client of the address that the settings name."""
        return cls(address(settings), json=json, headers=key_header(settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The JSON at a path."""
        return self._ask("GET", path, params=params).json()

    def get_lines(self, path: str, params: Mapping[str, Any] | None = None) -> tuple[list[str], httpx.Headers]:
        """The lines of an NDJSON answer that ends, and its headers."""
        answer = self._ask("GET", path, params=params, headers={"Accept": "application/x-ndjson"})
        return answer.text.splitlines(), answer.headers

    @contextmanager
    def stream(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[httpx.Response]:
        """An answer that is read as it comes; a cut while it is read is ServerAway, too."""
        try:
            with self._http.stream("GET", path, params=params) as answer:
                if not answer.is_success:
                    answer.read()
                    raise self._refusal(answer)
                yield answer
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self._away(error) from error

    def post(self, path: str, body: Any) -> Any:
        """The answer to a JSON body."""
        return self._ask("POST", path, json=body).json()

    def put(self, path: str, body: Any) -> Any:
        """Sends JSON in the place of what is there; the answer's JSON."""
        return self._ask("PUT", path, json=body).json()

    def send(self, path: str, content: Content, content_type: str, params: Mapping[str, Any] | None = None) -> Any:
        """The answer to a body that is sent as it is."""
        headers = {"Content-Type": content_type}
        return self._ask("POST", path, params=params, content=content, headers=headers).json()

    def delete(self, path: str) -> Any:
        """The answer to a DELETE."""
        return self._ask("DELETE", path).json()

    def let_go(self, path: str, params: Mapping[str, Any]) -> None:
        """A DELETE that is answered with nothing."""
        self._ask("DELETE", path, params=params)

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        if request.get("params") is None:
            request.pop("params", None)
        try:
            answer = self._http.request(method, path, **request)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise self._away(error) from error
        if answer.is_success:
            return answer
        raise self._refusal(answer)

    def _away(self, error: Exception) -> ServerAway:
        return ServerAway(
            f"nothing answers at {self.url}: {error or type(error).__name__}",
            "start the services with `pagemill up`, or set PAGEMILL_URL to where they are",
        )

    def _refusal(self, answer: httpx.Response) -> ServerRefused:
        refused = ServerRefused(_problem(answer), _seconds(answer.headers.get("Retry-After")))
        refused.as_json = as_json(refused.problem) if self._json else None
        return refused


def path_of(*parts: str) -> str:
    """A path of the services; what stands between the slashes is escaped."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def waited(seconds: float) -> None:
    """Sleeps; a server that asks for hours is asked again after a minute."""
    time.sleep(min(max(seconds, 0.05), 60))


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict) and "status" in told:
        return told
    return {"status": answer.status_code, "detail": f"{answer.url} answered {answer.status_code} without a problem"}


def _seconds(header: str | None) -> float | None:
    try:
        return float(header) if header is not None else None
    except ValueError:
        return None
