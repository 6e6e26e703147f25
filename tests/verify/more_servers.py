"""More servers of ``lending.yaml``: some with faults of further kinds, and correct ones that behave unusually."""

import json
import time
from typing import Any

from tests.verify.lending_server import BASE, Answer, Lending
from understudy.core.json_types import Json


class ListLoses(Lending):
    """Every third book is in no list."""

    def list(self, query: str) -> Answer:
        kept = self.books
        self.books = {key: book for key, book in kept.items() if int(key[1:]) % 3}
        try:
            return super().list(query)
        finally:
            self.books = kept


class ListEmpty(Lending):
    """No book is in the list."""

    def list(self, query: str) -> Answer:
        super().list(query)
        return Answer(200, [], {"X-Total-Count": "0"})


class LongTitleCut(Lending):
    """A long title is shown as it was sent, and stored cut off."""

    def store(self, book: Json) -> None:
        super().store({**book, "title": book["title"][:20]})


class LettersLost(Lending):
    """Letters beyond ASCII are stored as question marks."""

    def store(self, book: Json) -> None:
        super().store({**book, "title": book["title"].encode("ascii", "replace").decode()})


class LocationWithoutBase(Lending):
    """The Location of a new book lacks the base path."""

    def add(self, headers: Any, body: bytes) -> Answer:
        answer = super().add(headers, body)
        return Answer(answer.status, answer.value, {"Location": answer.headers["Location"].removeprefix(BASE)})


class SecondDeleteFails(Lending):
    """A book that is removed twice makes the server fail."""

    def __init__(self) -> None:
        super().__init__()
        self.removed: set[str] = set()

    def remove(self, book: Json) -> Answer:
        self.removed.add(book["id"])
        return super().remove(book)

    def route(self, method: str, parts: Any, headers: Any, body: bytes) -> Answer:
        if method == "DELETE" and parts.path.rpartition("/")[2] in self.removed:
            raise Answer(500, {"reason": "KeyError"})
        return super().route(method, parts, headers, body)


class EarlyYearTaken(Lending):
    """Years before the first are taken, where a title that is taken hides it."""

    def is_book(self, found: Json) -> bool:
        year = found.get("year")
        is_early = isinstance(year, int) and not isinstance(year, bool) and year < 1500
        return super().is_book({**found, "year": 1500} if is_early else found)


class AnyMediaType(Lending):
    """A body is read as JSON whatever it says that it is."""

    def read(self, _headers: Any, body: bytes) -> Json:
        return super().read({"Content-Type": "application/json"}, body)


class HeadFails(Lending):
    """HEAD makes the server fail."""

    def route(self, method: str, parts: Any, headers: Any, body: bytes) -> Answer:
        if method == "HEAD":
            raise Answer(500)
        return super().route(method, parts, headers, body)


class Teapot(Lending):
    """A book that is not there is answered with a status that is not declared."""

    def find(self, key: str) -> Json:
        if key not in self.books:
            raise self.refusal(418, "no such book")
        return super().find(key)


class Elsewhere(Lending):
    """The list of books is redirected, which is not declared."""

    def list(self, query: str) -> Answer:
        super().list(query)
        return Answer(302, None, {"Location": f"{BASE}/shelves"})


class NoBodyShown(Lending):
    """A new book is answered without a body."""

    def add(self, headers: Any, body: bytes) -> Answer:
        return Answer(201, None, super().add(headers, body).headers)


class PatchTaken(Lending):
    """A method that the document does not declare is accepted."""

    def route(self, method: str, parts: Any, headers: Any, body: bytes) -> Answer:
        return Answer(200, {}) if method == "PATCH" else super().route(method, parts, headers, body)


class NoAllow(Lending):
    """A method is refused without the ones that are allowed."""

    def allow(self, _methods: list[str]) -> dict[str, str]:
        return {}


class AnyKey(Lending):
    """Any key is taken."""

    def authorise(self, _method: str, headers: Any) -> None:
        if "X-Api-Key" not in headers:
            raise self.refusal(401, "no key")


WRITES = ("add_book", "change_book")
FAULTS: dict[type[Lending], tuple[str, set[str]]] = {
    ListLoses: ("lifecycles", {"list_books lost-write"}),
    ListEmpty: ("lifecycles", {"list_books lost-write"}),
    LongTitleCut: ("lifecycles", {"add_book lost-write /title"}),
    LettersLost: ("lifecycles", {"add_book lost-write /title"}),
    LocationWithoutBase: ("lifecycles", {"add_book lost-write Location"}),
    SecondDeleteFails: ("lifecycles", {"remove_book server-error 500"}),
    EarlyYearTaken: ("coverage", {f"{name} invalid-request-accepted body /year" for name in WRITES}),
    AnyMediaType: ("examples,methods", {f"{name} invalid-request-accepted header Content-Type" for name in WRITES}),
    HeadFails: ("methods", {"get_book server-error 500", "list_books server-error 500"}),
    Teapot: ("lifecycles", {"get_book undocumented-status 418", "remove_book undocumented-status 418"}),
    Elsewhere: ("coverage", {"list_books undocumented-status 302"}),
    NoBodyShown: ("examples", {"add_book invalid-response-body 201"}),
    PatchTaken: (
        "coverage,methods",
        {"get_book wrong-method-accepted PATCH", "list_books wrong-method-accepted PATCH"},
    ),
    NoAllow: ("coverage,methods", {"get_book wrong-allow Allow", "list_books wrong-allow Allow"}),
    AnyKey: ("examples,credentials", {f"{name} ignored-credentials" for name in WRITES}),
}
"""Faulty servers: phases that find the fault, and the keys of the findings."""


class Paced(Lending):
    """Every tenth request is refused for now, with a status that the document does not have."""

    asked = 0

    def route(self, method: str, parts: Any, headers: Any, body: bytes) -> Answer:
        self.asked += 1
        if self.asked % 10 == 0:
            raise Answer(429, {"reason": "slowly"}, {"Retry-After": "0"})
        return super().route(method, parts, headers, body)


class OldBooksApart(Lending):
    """Old books are refused for the shelves from M on, and new ones are not: a rule about two values."""

    def add(self, headers: Any, body: bytes) -> Answer:
        book = self.read(headers, body)
        if book.get("shelf", "A1") >= "M" and book["year"] < 1900:
            raise self.refusal(422, "old books are on shelves A to L")
        return super().add(headers, body)


class Capitals(Lending):
    """Titles are stored, shown and compared in capitals."""

    def read(self, headers: Any, body: bytes) -> Json:
        book = super().read(headers, body)
        return {**book, "title": book["title"].strip().upper()[:40] or "X"}


class SlowToStore(Lending):
    """A book can be read, changed and listed a moment after it was added."""

    def __init__(self) -> None:
        super().__init__()
        self.added: dict[str, float] = {}

    def add(self, headers: Any, body: bytes) -> Answer:
        answer = super().add(headers, body)
        self.added[answer.value["id"]] = time.monotonic()
        return answer

    def find(self, key: str) -> Json:
        if time.monotonic() - self.added.get(key, 0.0) < 0.05:
            raise self.refusal(404, "not yet")
        return super().find(key)


class TwoOnAPage(Lending):
    """The list shows the two oldest books."""

    def list(self, query: str) -> Answer:
        answer = super().list(query)
        return Answer(200, answer.value[:2], answer.headers)


class ElsewhereHosted(Lending):
    """A Location has the public host, and a relative path for the change."""

    def add(self, headers: Any, body: bytes) -> Answer:
        answer = super().add(headers, body)
        answer.headers["Location"] = f"https://lending.example{answer.headers['Location']}"
        return answer


class RelativeLocation(Lending):
    """A Location is relative."""

    def add(self, headers: Any, body: bytes) -> Answer:
        answer = super().add(headers, body)
        answer.headers["Location"] = f"books/{answer.value['id']}"
        return answer


class Full(Lending):
    """A library that takes five books."""

    def add(self, headers: Any, body: bytes) -> Answer:
        self.read(headers, body)
        if len(self.books) >= 5:
            raise self.refusal(422, "the library is full")
        return super().add(headers, body)


class OtherMethodsNotImplemented(Lending):
    """Methods that are not declared are not implemented."""

    def allow(self, _methods: list[str]) -> dict[str, str]:
        raise Answer(501)


class Answering(Lending):
    """HEAD and OPTIONS are answered as frameworks do, and cookies and ids of requests are sent."""

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Answer:
        if method == "OPTIONS":
            return Answer(204, None, {"Access-Control-Allow-Origin": "*"})
        answer = super().answer("GET" if method == "HEAD" else method, target, headers, body)
        answer.headers |= {"Set-Cookie": "a=b; HttpOnly", "X-Request-Id": "7", "ETag": json.dumps("x")}
        return answer


UNUSUAL: dict[type[Lending], str] = {
    Paced: "coverage,fuzzing",
    OldBooksApart: "fuzzing",
    Capitals: "fuzzing,lifecycles",
    SlowToStore: "fuzzing,stateful,lifecycles",
    TwoOnAPage: "examples,lifecycles",
    ElsewhereHosted: "lifecycles",
    RelativeLocation: "lifecycles",
    Full: "fuzzing",
    OtherMethodsNotImplemented: "methods",
    Answering: "coverage,methods",
}
"""Correct servers, with the phases in which they are unusual."""
