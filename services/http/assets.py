"""Style, scripts and signs of a page, as files that a browser keeps for as long as they stay the same."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import Request, Response

from shared.errors import Refused

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".LICENSE": "text/plain; charset=utf-8",
}


class Assets:
    """The files of a folder, read once.

    Args:
        folder: what is in it of the kinds that a page has.
    """

    def __init__(self, folder: Path) -> None:
        self._bodies = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _TYPES}

    def answer(self, name: str, request: Request) -> Response:
        """One file, or word that the browser has it already.

        Raises:
            Refused: `not-found`.
        """
        if name not in self._bodies:
            raise Refused("not-found", "There is no such file.")
        body = self._bodies[name]
        headers = {"Cache-Control": "no-cache", "ETag": f'"{sha256(body).hexdigest()[:20]}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, headers={**headers, "Content-Type": _TYPES[Path(name).suffix]})
