"""Operations with one of their rules, and the request that the operation accepts: proofs of a rule change one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.asgi import Answer, call
from understudy.app import Understudy
from understudy.contract.compiled_operations import Operation, compile_operations
from understudy.contract.document import Document, load_document
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.core.data_folder import data_folder
from understudy.state.world import World
from understudy.vendors.discovery import find_specs


@dataclass(frozen=True, slots=True)
class Case:
    """Operation, the status of one of its rules, and the rule."""

    operation: Operation
    status: int
    rule: str

    def __str__(self) -> str:
        return f"{self.operation.id}-{self.status}"


class Contract:
    """Document of a shipped vendor, with its operations."""

    def __init__(self, vendor: str) -> None:
        self.document: Document = load_document(find_specs(data_folder("specs"))[vendor])
        self.operations: Mapping[str, Operation] = {each.id: each for each in compile_operations(self.document)}

    def cases(self, *rules: str) -> list[Case]:
        """Return the operations that have one of these rules."""
        return [
            Case(operation, rule["status"], rule["rule"])
            for operation in self.operations.values()
            for rule in operation.rules
            if rule["rule"] in rules
        ]

    def accepted(self, operation: Operation) -> ExampleRequest:
        """Return the first of the document's own requests that the operation accepts."""
        return next(each for each in example_requests(self.document, operation, 1000) if each.status < 300)

    def send(self, understudy: Understudy, world: World, request: ExampleRequest, **headers: str) -> Answer:
        """Send a request with the development credentials, and with other headers, of which an empty one is none."""
        served = understudy.vendors[self.document.name]
        assert served.vendor.sign_in is not None
        signed = served.vendor.sign_in(world.vendors[self.document.name], request.role)
        given = {**request.headers, **signed, **{name.replace("_", "-"): text for name, text in headers.items()}}
        target = f"/@{world.name}{served.base_path}{request.target}"
        sent = {name: text for name, text in given.items() if text}
        return call(understudy.asgi, request.operation.method.upper(), target, headers=sent, body=request.body)
