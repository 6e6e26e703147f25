"""Requests as they go over the wire, each with a number of its own where there are to be many."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.servers import HOST

DIGITS = 12
MARK = "#" * DIGITS
"""Where a number goes, in a path or a body."""


@dataclass(frozen=True, slots=True)
class Template:
    """A request, and the status that answers it.

    One with a ``tail`` has a number before it, in 12 digits; after ``numbers`` of them they begin again.
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
        """Return the request of a method and path, cut at its mark if it has one."""
        given = {"Host": HOST, **headers, **({"Content-Length": str(len(body))} if body else {})}
        named = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        before, _, after = (f"{line} HTTP/1.1\r\n{named}\r\n".encode() + body).partition(MARK.encode())
        return cls(line.partition(" ")[0], status, before, after, numbers)

    def numbered(self, number: int) -> bytes:
        """Return the request with this number."""
        return self.head + b"%0*d" % (DIGITS, number % self.numbers) + self.tail if self.tail else self.head
