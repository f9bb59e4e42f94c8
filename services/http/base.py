"""The address by which a client reached this service, for links that lead back to it."""

import re
from typing import Final

from starlette.requests import Request

from shared.errors import Refused
from shared.settings import Settings
from shared.validation import shown

_NETLOC: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")


def base_of(request: Request) -> str:
    """`PAGEMILL_URL`, else the scheme and host of the request, which the door has found to be a name of ours.

    Raises:
        Refused: behind the name stands what is no port.
    """
    settings: Settings = request.app.state.settings
    if settings.url:
        return settings.url.rstrip("/")
    netloc = request.headers.get("host", "")
    if not _NETLOC.fullmatch(netloc):
        raise Refused("unknown-host", f"The Host header is {shown(netloc)}, which is no name with a port.")
    return f"{request.url.scheme}://{netloc.lower()}"
