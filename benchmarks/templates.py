"""Templates of requests as bytes, with a different number in each request."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.servers import HOST

DIGITS = 12
MARK = "#" * DIGITS
"""Placeholder of the number in a path or a body."""


@dataclass(frozen=True, slots=True)
class Template:
    """Template of a request, with the expected status.

    If there is a ``tail``, a number of 12 digits goes between ``head`` and ``tail``; it is taken modulo ``numbers``.
    """

    method: str
    status: int
    head: bytes
    tail: bytes = b""
    numbers: int = 10**DIGITS

    @classmethod
    def of(
        cls,
        line: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        status: int = 200,
        numbers: int = 10**DIGITS,
    ) -> "Template":
        """Return the template of a request line (method and path), cut at the placeholder if there is one."""
        given = {"Host": HOST, **headers, **({"Content-Length": str(len(body))} if body else {})}
        named = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        before, _, after = (f"{line} HTTP/1.1\r\n{named}\r\n".encode() + body).partition(MARK.encode())
        return cls(line.partition(" ")[0], status, before, after, numbers)

    def numbered(self, number: int) -> bytes:
        """Return the request with this number."""
        return self.head + b"%0*d" % (DIGITS, number % self.numbers) + self.tail if self.tail else self.head
