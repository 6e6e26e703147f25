"""Multipart forms: taken apart while they arrive, so that a large file never lies in memory as a whole."""

import re
from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from werkzeug.http import parse_options_header

from understudy.core.media_types import MULTIPART
from understudy.core.refused import Violation
from understudy.core.upload import Upload
from understudy.http.bodies import (
    ClientDisconnected,
    Receive,
    check_declared_size,
    contract_refusal,
    malformed,
    too_large,
)
from understudy.http.multipart import MultipartParser

OPTION = re.compile(r';\s*(name|filename)="([^"]*)"')
AS_BROWSERS = re.compile(rf"form-data(?:{OPTION.pattern})+", re.IGNORECASE)
BOUNDARY = re.compile(rb'boundary="?([^";,]+)"?', re.IGNORECASE)
PIECE = 64 * 1024
"""How much is taken apart at a time: what is not a file's is then known before it grows."""

IN_MEMORY = 1024 * 1024
"""Up to how many bytes a file stays in memory; a larger one lies on the disk until the request is over."""

MAX_PARTS = 1000


class MultipartForm:
    """A form that arrives: its values, as far as they have come, and its first bytes as they were sent.

    ``values`` are texts, and an ``Upload`` for a file; those of ``fields`` may come once. All but the files has to keep
    within ``limit`` bytes.
    """

    def __init__(self, boundary: bytes, fields: frozenset[str], limit: int) -> None:
        self.values: dict[str, str | Upload] = {}
        self.head = b""
        self._fields = fields
        self._limit = limit
        self._splitter = MultipartParser(boundary, self._begin, self._add, self._finish)
        self._name = ""
        self._file: IO[bytes] | None = None
        self._text = bytearray()
        self._texts = 0
        self._parts = 0
        self._files: list[IO[bytes]] = []

    def feed(self, data: bytes) -> None:
        """Take the next bytes; refuse a form that is malformed, or too large beside its files."""
        self.head += data[: max(self._limit - len(self.head), 0)]
        for start in range(0, len(data), PIECE):
            try:
                self._splitter.feed(data[start : start + PIECE])
            except ValueError as error:
                raise malformed(f"the form is not valid: {error}") from None
            if self._texts + self._splitter.outside + self._splitter.pending > self._limit:
                raise too_large(self._limit)

    def end(self) -> None:
        """Take note that all has come; refuse a form that breaks off."""
        if not self._splitter.has_ended:
            raise malformed("the form is not valid: it breaks off")

    def close(self) -> None:
        """Forget the files."""
        for file in self._files:
            file.close()

    def _begin(self, headers: dict[str, str]) -> None:
        options = disposition_names(headers.get("content-disposition", ""))
        name, filename = options.get("name"), options.get("filename")
        if name is None:
            raise malformed("a part of the form has no name")
        if name in self.values and name in self._fields:
            raise contract_refusal(Violation("body", f"/{name}", "repeated", f"{name} is given more than once"))
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise malformed(f"the form has more than {MAX_PARTS} parts")
        self._name, self._file, self._text = name, None, bytearray()
        self.values[name] = ""
        if filename is not None:
            self._file = cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - see close
            self._files.append(self._file)
            media, _ = parse_options_header(headers.get("content-type", ""))
            self.values[name] = Upload(filename, media, self._file)

    def _add(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            return
        self._text += data
        self._texts += len(data)

    def _finish(self) -> None:
        if self._file is not None:
            self._file.seek(0)
            return
        self.values[self._name] = self._text.decode()


def disposition_names(disposition: str) -> dict[str, str]:
    """Return what a part's ``Content-Disposition`` names: ``name``, and ``filename`` for a file.

    Browsers, and most libraries after them, write a backslash as it is, also before the closing quote; others escape
    with it, as other headers do.
    """
    if AS_BROWSERS.fullmatch(disposition):
        return dict(OPTION.findall(disposition))
    return parse_options_header(disposition)[1]


def is_form(content_type: bytes) -> bool:
    """Tell whether a content type is that of a multipart form."""
    return content_type.partition(b";")[0].strip().lower() == MULTIPART.encode()


async def read_form(
    receive: Receive, headers: Mapping[bytes, bytes], fields: frozenset[str], body_limit: int, upload_limit: int
) -> MultipartForm:
    """Return the form that a request holds, in which ``fields`` may come once; whoever gets it closes it.

    Raise a refusal as soon as it is known to be malformed, to be over ``upload_limit`` bytes, or over ``body_limit``
    without its files; ``HungUp`` if the client goes away.
    """
    check_declared_size(headers, upload_limit)
    boundary = BOUNDARY.search(headers.get(b"content-type", b""))
    if boundary is None:
        raise malformed("the content type names no boundary")
    form = MultipartForm(boundary[1].strip(), fields, body_limit)
    try:
        await _fill(form, receive, upload_limit)
    except BaseException:
        form.close()
        raise
    return form


async def _fill(form: MultipartForm, receive: Receive, limit: int) -> None:
    size, has_more = 0, True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        data = message.get("body", b"")
        has_more = message.get("more_body", False)
        size += len(data)
        if size > limit:
            raise too_large(limit)
        form.feed(data)
    form.end()
