"""Multipart forms: parsed while they arrive, so that no large file is held in memory as a whole."""

import re
from collections.abc import Mapping
from contextlib import aclosing
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from werkzeug.http import parse_options_header

from understudy.core.media_types import MULTIPART
from understudy.core.refused import Violation
from understudy.core.upload import Upload
from understudy.http.bodies import (
    Receive,
    body_pieces,
    check_declared_size,
    contract_refusal,
    malformed,
    too_large,
)
from understudy.http.multipart import MultipartParser

OPTION = re.compile(r';\s*(name|filename)="([^"]*)"')
BROWSER_DISPOSITION = re.compile(rf"form-data(?:{OPTION.pattern})+", re.IGNORECASE)
BOUNDARY = re.compile(rb'boundary="?([^";,]+)"?', re.IGNORECASE)
CHUNK_BYTES = 64 * 1024
"""Bytes parsed at a time: the limit of the data outside of files is checked after each chunk."""

MAX_BYTES_IN_MEMORY = 1024 * 1024
"""Limit of a file in memory; a larger file is on the disk until the request is over."""

MAX_PARTS = 1000


class MultipartForm:
    """Multipart form that is parsed while it arrives.

    ``values`` are texts, and an ``Upload`` for each file; a name in ``fields`` may occur once. ``head`` is the first
    ``limit`` bytes as they were sent. The form without its files may have ``limit`` bytes.
    """

    def __init__(self, boundary: bytes, fields: frozenset[str], limit: int) -> None:
        self.values: dict[str, str | Upload] = {}
        self._head = bytearray()
        self._fields = fields
        self._limit = limit
        self._parser = MultipartParser(boundary, self._begin, self._add, self._finish)
        self._name = ""
        self._file: IO[bytes] | None = None
        self._text = bytearray()
        self._text_bytes = 0
        self._part_count = 0
        self._files: list[IO[bytes]] = []

    def feed(self, data: bytes) -> None:
        """Parse the next bytes; raise the refusal of a form that is malformed, or too large without its files."""
        self._head += data[: max(self._limit - len(self._head), 0)]
        for start in range(0, len(data), CHUNK_BYTES):
            try:
                self._parser.feed(data[start : start + CHUNK_BYTES])
            except UnicodeDecodeError:
                raise malformed("the form is not valid: a part is not UTF-8 text") from None
            except ValueError as error:
                raise malformed(f"the form is not valid: {error}") from None
            if self._text_bytes + self._parser.outside + self._parser.pending > self._limit:
                raise too_large(self._limit)

    @property
    def head(self) -> bytes:
        """First bytes of the form, as they were sent."""
        return bytes(self._head)

    def rewound_values(self) -> dict[str, Any]:
        """Return a copy of the values, with every file at its start."""
        for file in self._files:
            file.seek(0)
        return dict(self.values)

    def end(self) -> None:
        """Raise the refusal of a form that is not complete; call it after the last bytes."""
        if not self._parser.has_ended:
            raise malformed("the form is not valid: it breaks off")

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def _begin(self, headers: dict[str, str]) -> None:
        options = disposition_names(headers.get("content-disposition", ""))
        name, filename = options.get("name"), options.get("filename")
        if name is None:
            raise malformed("a part of the form has no name")
        if name in self.values and name in self._fields:
            raise contract_refusal(Violation("body", f"/{name}", "repeated", f"{name} is given more than once"))
        self._part_count += 1
        if self._part_count > MAX_PARTS:
            raise malformed(f"the form has more than {MAX_PARTS} parts")
        self._name, self._file, self._text = name, None, bytearray()
        self.values[name] = ""
        if filename is not None:
            self._file = cast("IO[bytes]", SpooledTemporaryFile(MAX_BYTES_IN_MEMORY))  # noqa: SIM115 - see close
            self._files.append(self._file)
            media, _ = parse_options_header(headers.get("content-type", ""))
            self.values[name] = Upload(filename, media, self._file)

    def _add(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            return
        self._text += data
        self._text_bytes += len(data)

    def _finish(self) -> None:
        if self._file is not None:
            self._file.seek(0)
            return
        self.values[self._name] = self._text.decode()


def disposition_names(disposition: str) -> dict[str, str]:
    """Return the ``name`` of a part's ``Content-Disposition``, and the ``filename`` if it is a file.

    Browsers and most libraries write a backslash unescaped, also before the closing quote; other clients escape with
    it, as in other headers.
    """
    if BROWSER_DISPOSITION.fullmatch(disposition):
        return dict(OPTION.findall(disposition))
    return parse_options_header(disposition)[1]


def is_form(content_type: bytes) -> bool:
    """Return whether a content type is a multipart form's."""
    return content_type.partition(b";")[0].strip().lower() == MULTIPART.encode()


def form_boundary(content_type: bytes) -> bytes:
    """Return the boundary of a multipart form's parts; raise the refusal of a content type without one."""
    boundary = BOUNDARY.search(content_type)
    if boundary is None:
        raise malformed("the content type names no boundary")
    return boundary[1].strip()


async def read_form(
    receive: Receive, headers: Mapping[bytes, bytes], fields: frozenset[str], body_limit: int, upload_limit: int
) -> MultipartForm:
    """Return a request's form, in which a name in ``fields`` may occur once; the caller has to close it.

    Raise a refusal as soon as the form is malformed, exceeds ``upload_limit`` bytes, or ``body_limit`` without its
    files; raise ``ClientDisconnected`` if the client goes away.
    """
    check_declared_size(headers, upload_limit)
    form = MultipartForm(form_boundary(headers.get(b"content-type", b"")), fields, body_limit)
    try:
        await _fill(form, receive, upload_limit)
    except BaseException:
        form.close()
        raise
    return form


async def _fill(form: MultipartForm, receive: Receive, limit: int) -> None:
    async with aclosing(body_pieces(receive, limit)) as pieces:
        async for piece in pieces:
            form.feed(piece)
    form.end()
