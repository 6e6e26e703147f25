"""Operation under test: its usual request, changes of it, and checks of the response."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, TypeVar

from tests.asgi import Answer, call
from tests.contract.conftest import found
from tests.contract.independent_validator import independent_violations
from understudy.app import Understudy
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.core.media_types import JSON
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import MEBIBYTE

NUMBERS = count()
Test = TypeVar("Test", bound=Callable[..., None])


@cache
def usual_call(vendor: str, operation: str) -> ExampleRequest:
    """Request of an operation's first success example."""
    served = found()[vendor]
    [wanted] = [each for each in served.operations if each.id == operation]
    return next(each for each in example_requests(served.document, wanted, MEBIBYTE) if 200 <= each.status < 300)


@dataclass(frozen=True, slots=True)
class Case:
    """Operation in a world of its own."""

    understudy: Understudy
    served: MountedVendor
    operation: Operation
    world: str = field(default_factory=lambda: f"bad-input-{next(NUMBERS)}")

    @property
    def usual(self) -> ExampleRequest:
        """Request that succeeds."""
        return usual_call(self.operation.vendor, self.operation.id)

    @property
    def prefix(self) -> str:
        """Prefix of an operation's path: world, vendor and base path."""
        return f"/@{self.world}{self.served.base_path}"

    def headers(self) -> dict[str, str]:
        """The headers of the usual request, signed in."""
        sign_in = self.served.vendor.sign_in
        world = self.understudy.worlds.get_or_create(self.world).vendors[self.operation.vendor]
        return {**self.usual.headers, **(sign_in(world) if sign_in and self.operation.security else {})}

    def send(
        self,
        target: str | None = None,
        *,
        method: str = "",
        headers: Mapping[str, str | None] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send the usual request with these parts of it replaced; a header that is ``None`` is left out."""
        given = {name.lower(): value for name, value in self.headers().items()}
        given |= {name.lower(): value for name, value in (headers or {}).items() if value is not None}
        for name in (name for name, value in (headers or {}).items() if value is None):
            given.pop(name.lower(), None)
        return call(
            self.understudy.asgi,
            method or self.operation.method.upper(),
            self.prefix + (self.usual.target if target is None else target),
            headers=given,
            body=self.usual.body if body is None else body,
        )

    def assert_kept(self, answer: Answer) -> None:
        """Assert that the spec declares the response, by an independent validator, and that no breach occurred."""
        assert self.breaches() == []
        declared = self.operation.responses.get(str(answer.status))
        assert declared is not None, (answer.status, answer.body)
        media = answer.headers.get("content-type", "")
        assert media == declared.media_type
        if media:
            schema = declared.node["content"][media]["schema"]
            value = answer.json if media.endswith("json") else answer.body.decode()
            assert independent_violations(self.served.document, schema, value, "response") == []
        else:
            assert answer.body == b""

    def assert_refused(self, answer: Answer, *, by: str = "contract", status: int | None = None) -> None:
        """Assert that the response is a refusal in the vendor's declared shape; some refuse with HTTP 200."""
        own = self.operation.node.get("x-refused-with")
        if own is None or status in (413, 415):
            assert 400 <= answer.status < 500, (answer.status, answer.body)
            assert status in (None, answer.status)
        else:
            assert answer.status == own, answer.body
        assert answer.headers["understudy-refused-by"] == by
        self.assert_kept(answer)

    def breaches(self) -> list[str]:
        """Contract breaches in this world."""
        return [each.breach for each in self.understudy.worlds.get_or_create(self.world).journal.breaches()]

    def request_schema(self) -> Any:
        """The schema of the usual request's body."""
        body = self.operation.body
        return body and body.node["content"][self.usual.headers["Content-Type"]]["schema"]


def operations(*traits: str) -> list[tuple[MountedVendor, Operation]]:
    """Operations of all vendors with these traits."""
    return [
        (served, operation)
        for served in found().values()
        for operation in served.operations
        if all(TRAITS[trait](operation) for trait in traits)
    ]


def needs(*traits: str) -> Callable[[Test], Test]:
    """Mark a test as needing operations with these traits."""

    def mark(test: Test) -> Test:
        test.needs = traits  # type: ignore[attr-defined] # read by this folder's conftest
        return test

    return mark


TRAITS: Mapping[str, Callable[[Operation], bool]] = {
    "body": lambda operation: operation.body is not None,
    "json": lambda operation: operation.body is not None and JSON in operation.body.media,
    "required body": lambda operation: operation.body is not None and operation.body.is_required,
    "query": lambda operation: any(parameter.where == "query" for parameter in operation.parameters),
    "path": lambda operation: any(parameter.where == "path" for parameter in operation.parameters),
    "security": lambda operation: bool(operation.security) and () not in operation.security,
    "get": lambda operation: operation.method == "get",
}
