"""Files of the pages: read once, named by a hash of all of them, kept by browsers for a year.

The hash is a folder in the address, so that scripts may import each other by relative names.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
_PACKED = (".js", ".css", ".svg", ".json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent; `packed` is its gzip, where that is smaller."""

    body: bytes
    packed: bytes | None
    kind: str
    tag: str


class Static:
    """Every file below a folder, and what is made beside them: body by path."""

    def __init__(self, folder: Path, made: Mapping[str, bytes] | None = None) -> None:
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        self._files: dict[str, File] = {}
        whole = hashlib.sha256()
        for name, body in sorted((found | dict(made or {})).items()):
            whole.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
            self._files[name] = _file(Path(name), body)
        self.version = whole.hexdigest()[:16]

    @property
    def names(self) -> tuple[str, ...]:
        """The files, by their paths below the folder."""
        return tuple(self._files)

    def address(self, name: str) -> str:
        """Where a page fetches a file. Raises KeyError for one that is not there."""
        if name not in self._files:
            raise KeyError(f"no static file {name!r}")
        return f"/static/{self.version}/{name}"

    def respond(self, request: Request, path: str) -> Response:
        """The file at a path, with or without the version before it; 404 when there is none."""
        version, _, rest = path.partition("/")
        current = version == self.version
        file = self._files.get(rest if current else path) or self._files.get(rest)
        if file is None:
            return Response(status_code=404)
        headers = {
            "Cache-Control": _FOREVER if current else "no-cache",
            "ETag": file.tag,
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers=headers)
        body = file.body
        if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = file.packed, "gzip"
        return Response(body, media_type=file.kind, headers=headers)


def _file(path: Path, body: bytes) -> File:
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    packed = gzip.compress(body, 9, mtime=0) if path.suffix in _PACKED else None
    return File(
        body=body,
        packed=packed if packed and len(packed) < len(body) else None,
        kind=kind or "application/octet-stream",
        tag=f'"{hashlib.sha256(body).hexdigest()[:24]}"',
    )
