"""Server of the document ``lending.yaml``: a correct one, and some each of which breaks the document in one way."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from understudy.core.json_types import Json

KEY = "lending-key"
BASE = "/v1"
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")


class Answer(Exception):  # noqa: N818 - an answer is no error
    """Response that ends the handling of a request."""

    def __init__(self, status: int, value: Any = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status, self.value, self.headers = status, value, headers or {}


class Lending:
    """Library that keeps to the document: its books, and an answer for each request."""

    def __init__(self) -> None:
        self.books: dict[str, Json] = {}
        self.number = 0
        self.lock = threading.Lock()

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        with self.lock:
            try:
                return self.route(method, urlsplit(target), headers, body)
            except Answer as answer:
                return answer

    def route(self, method: str, parts: Any, headers: Any, body: bytes) -> Answer:
        segments = parts.path.removeprefix(BASE).split("/")[1:]
        if not parts.path.startswith(BASE + "/books") or segments[0] != "books" or len(segments) > 2:
            raise self.refusal(404, "no such path")
        methods = ["GET", "POST"] if len(segments) == 1 else ["GET", "PUT", "DELETE"]
        if method not in methods:
            raise Answer(405, {"reason": "not here"}, self.allow(methods))
        self.authorise(method, headers)
        if len(segments) == 1:
            return self.list(parts.query) if method == "GET" else self.add(headers, body)
        book = self.find(unquote(segments[1]))
        if method == "PUT":
            return self.change(book, self.read(headers, body))
        return self.remove(book) if method == "DELETE" else Answer(200, book)

    def refusal(self, status: int, reason: str) -> Answer:
        return Answer(status, {"reason": reason})

    def allow(self, methods: list[str]) -> dict[str, str]:
        return {"Allow": ", ".join(methods)}

    def authorise(self, _method: str, headers: Any) -> None:
        if headers.get("X-Api-Key") != KEY:
            raise self.refusal(401, "no key")

    def find(self, key: str) -> Json:
        if key not in self.books:
            raise self.refusal(404, "no such book")
        return self.books[key]

    def list(self, query: str) -> Answer:
        given: dict[str, int] = {}
        for name, low, high in (("limit", 1, 50), ("from", 1500, 2100), ("to", 1500, 2100)):
            values = [value for key, value in parse_qsl(query, keep_blank_values=True) if key == name]
            if len(values) > 1 or any(not self.is_year(value, low, high) for value in values):
                raise self.refusal(400, f"{name} is wrong")
            given |= dict.fromkeys([name] * len(values), int(values[0]) if values else 0)
        if given.get("from", 0) > given.get("to", 9999):
            raise self.refusal(422, "from is after to")
        found = [book for book in self.books.values() if given.get("from", 0) <= book["year"] <= given.get("to", 9999)]
        return Answer(200, found[: given.get("limit", 50)], {"X-Total-Count": str(len(found))})

    def is_year(self, text: str, low: int, high: int) -> bool:
        return INTEGER.fullmatch(text) is not None and low <= int(text) <= high

    def add(self, headers: Any, body: bytes) -> Answer:
        book = self.read(headers, body)
        if any(other["title"] == book["title"] for other in self.books.values()):
            raise self.refusal(422, "this title is taken")
        self.number += 1
        kept = {"id": f"b{self.number}", **book}
        self.store(kept)
        return Answer(201, self.shown(kept), {"Location": f"{BASE}/books/{kept['id']}"})

    def shown(self, book: Json) -> Json:
        return book

    def store(self, book: Json) -> None:
        self.books[book["id"]] = book

    def change(self, book: Json, given: Json) -> Answer:
        changed = {"id": book["id"], **given}
        self.store(changed)
        return Answer(200, changed)

    def remove(self, book: Json) -> Answer:
        self.books.pop(book["id"], None)
        return Answer(204)

    def read(self, headers: Any, body: bytes) -> Json:
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            raise self.refusal(415, "send JSON")
        try:
            found = json.loads(body)
        except ValueError:
            raise self.refusal(400, "no JSON") from None
        if not isinstance(found, dict) or not self.is_book(found):
            raise self.refusal(400, "no book")
        return found

    def is_book(self, found: Json) -> bool:
        year, title, shelf = found.get("year"), found.get("title"), found.get("shelf", "A1")
        return (
            found.keys() <= {"title", "year", "shelf"}
            and isinstance(title, str)
            and 1 <= len(title) <= 40
            and isinstance(year, int | float)
            and not isinstance(year, bool)
            and year == int(year)
            and 1500 <= year <= 2100
            and isinstance(shelf, str)
            and re.fullmatch(r"[A-Z][0-9]", shelf) is not None
        )


@contextmanager
def lending(library: Lending) -> Iterator[str]:
    """Serve a library on a free port; yield its base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are sent apart

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = library.answer(self.command, self.path, self.headers, body)
            content = b"" if answer.value is None else json.dumps(answer.value).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if content:
                self.send_header("Content-Type", "application/json")
            if answer.status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = handle_any  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class WrongStatus(Lending):
    """A new book is answered with 200, which is not declared."""

    def add(self, headers: Any, body: bytes) -> Answer:
        answer = super().add(headers, body)
        return Answer(200, answer.value, answer.headers)


class MissingField(Lending):
    """A new book is answered without its year."""

    def shown(self, book: Json) -> Json:
        return {name: value for name, value in book.items() if name != "year"}


class IgnoredAuth(Lending):
    """Reads need no key."""

    def authorise(self, method: str, headers: Any) -> None:
        if method != "GET":
            super().authorise(method, headers)


class LostWrite(Lending):
    """A change is answered, and not kept."""

    def change(self, book: Json, given: Json) -> Answer:
        return Answer(200, {"id": book["id"], **given})


class Late404(Lending):
    """A removed book is still there at the first read."""

    def __init__(self) -> None:
        super().__init__()
        self.ghosts: dict[str, Json] = {}

    def remove(self, book: Json) -> Answer:
        if book["id"] in self.books:
            self.ghosts[book["id"]] = book
        return super().remove(book)

    def find(self, key: str) -> Json:
        return self.ghosts.pop(key) if key in self.ghosts else super().find(key)


class UnlistedHeader(Lending):
    """A list of books is answered with a header that the document does not list."""

    def list(self, query: str) -> Answer:
        answer = super().list(query)
        return Answer(200, answer.value, {**answer.headers, "X-Shelf-Mark": "A7"})


class Crash(Lending):
    """A body that is no JSON object makes the server fail."""

    def read(self, headers: Any, body: bytes) -> Json:
        if body.lstrip().startswith((b"[", b'"', b"n")):
            raise Answer(500, {"reason": "TypeError"})
        return super().read(headers, body)


class WrongType(Lending):
    """A book's year is answered as text."""

    def find(self, key: str) -> Json:
        return {**super().find(key), "year": str(super().find(key)["year"])}


FAULTY: dict[str, tuple[type[Lending], frozenset[str]]] = {
    "wrong status": (WrongStatus, frozenset({"lending add_book undocumented-status 200"})),
    "missing field": (MissingField, frozenset({"lending add_book invalid-response-body 201/year"})),
    "ignored auth": (
        IgnoredAuth,
        frozenset({"lending get_book ignored-credentials", "lending list_books ignored-credentials"}),
    ),
    "lost write": (LostWrite, frozenset({"lending change_book lost-write /title"})),
    "late 404": (Late404, frozenset({"lending remove_book not-deleted"})),
    "unlisted header": (UnlistedHeader, frozenset({"lending list_books undocumented-header x-shelf-mark"})),
    "500 on bad input": (
        Crash,
        frozenset({"lending add_book server-error 500", "lending change_book server-error 500"}),
    ),
    "wrong type": (WrongType, frozenset({"lending get_book invalid-response-body 200/year"})),
}
"""Faulty servers by their fault, with the keys of the findings that are true."""
