"""The contract lane: one compiled object an operation, through which each of its requests runs."""

import asyncio
import inspect
import logging
from collections.abc import Generator, Mapping
from typing import Any, cast

import orjson

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.json_schema_validator import Validator
from understudy.contract.parameters import InvalidParameter
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.vendor import Handler, Vendor
from understudy.http.authentication import Authenticator, Headers
from understudy.http.bodies import JSON, BodyReader, contract_refusal, parse_pairs
from understudy.http.example_replies import generic_error, sample_handler
from understudy.http.responses import RawResponse, base_headers, build_headers
from understudy.state.vendor_state import VendorState

log = logging.getLogger("understudy")

HandlerSteps = Generator[Reply | None, None, Reply | None]


class ContractBreach(Exception):  # noqa: N818 - the vendor's contract, broken by us
    """An answer of ours that the spec forbids."""


class Endpoint:
    """Runs the requests of one operation: credentials, parameters, body, the function, and the check of its reply."""

    __slots__ = (
        "_arguments",
        "_authenticator",
        "_body",
        "_handler",
        "_path_texts",
        "_reads_query",
        "_render",
        "_responses",
        "_wants_body",
        "_wants_caller",
        "document",
        "fidelity",
        "form_fields",
        "has_body",
        "operation",
    )  # fmt: skip

    def __init__(self, document: Document, operation: Operation, vendor: Vendor, *, is_strict: bool = True) -> None:
        """Compile an operation; unless strict, credentials that nobody knows are taken too."""
        function = vendor.operations.get(operation.id)
        self.operation = operation
        self.fidelity = "behaviour" if function else "sample"
        self.has_body = operation.body is not None
        self._handler: Handler = function or sample_handler(document, operation)
        self.document = document
        self._render = vendor.render
        self._authenticator = Authenticator(operation, vendor, is_strict=is_strict) if operation.security else None
        self._body = BodyReader(document, operation.body) if operation.body else None
        self.form_fields = self._body.form_fields if self._body else None
        declared = inspect.signature(self._handler).parameters
        wanted = set(declared)
        if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in declared.values()):
            wanted = {"body", *(parameter.argument for parameter in operation.parameters)}
        self._path_texts = [
            (parameter.name, parameter.argument)
            for parameter in operation.parameters
            if parameter.takes_any_segment and parameter.argument in wanted
        ]
        self._arguments = [
            (parameter, parameter.argument if parameter.argument in wanted else "")
            for parameter in operation.parameters
            if not parameter.takes_any_segment
        ]
        self._reads_query = any(parameter.where == "query" for parameter in operation.parameters)
        self._wants_body = "body" in wanted
        self._wants_caller = "caller" in wanted
        self._responses: dict[int, _ResponseSerialiser | None] = {}

    def authenticate(self, world: VendorState, headers: Headers, arguments: dict[str, Any]) -> None:
        """Check the credentials; raise the refusal of whoever may not call this."""
        if self._authenticator is not None:
            caller = self._authenticator.authenticate(world, headers)
            if self._wants_caller:
                arguments["caller"] = caller

    def read_parameters(
        self, path: Mapping[str, str], query: bytes, headers: Headers, arguments: dict[str, Any]
    ) -> None:
        """Parse and check every declared parameter; raise the refusal of a request that breaks one."""
        try:
            pairs = parse_pairs(query) if query and self._reads_query else {}
        except ValueError:
            raise contract_refusal(Violation("query", "", "malformed", "the query is not UTF-8")) from None
        for name, argument in self._path_texts:
            arguments[argument] = path[name]
        broken: list[Violation] = []
        for parameter, argument in self._arguments:
            texts: list[str] | None
            if parameter.where == "query":
                texts = pairs.get(parameter.name)
            elif parameter.where == "path":
                texts = [path[parameter.name]]
            else:
                found = headers.get(parameter.name.lower().encode())
                texts = None if found is None else [found.decode("latin-1")]
            value = parameter.default
            if texts is not None:
                try:
                    value = parameter.value(texts)
                except InvalidParameter as unfit:
                    broken.extend(unfit.violations)
            elif parameter.is_required:
                broken.append(parameter.missing())
            if argument:
                arguments[argument] = value
        if broken:
            raise Refused(400, broken[0].message, violations=broken, cause=Cause.CONTRACT)

    def read_body(self, raw: bytes | dict[str, Any], content_type: bytes, arguments: dict[str, Any]) -> None:
        """Parse and check the body, or a form's values; raise the refusal of one that breaks the schema."""
        if self._body is not None:
            value = self._body.read(raw, content_type)
            if self._wants_body:
                arguments["body"] = value

    def call_handler(self, world: VendorState, arguments: dict[str, Any]) -> RawResponse | HandlerSteps:
        """Call the operation and seal its reply; a refusal of the operation's is the caller's to hand to ``refuse``.

        An operation that may take long is a generator, and so is what it gives here: see ``answer_in_turns``.
        """
        try:
            reply = self._handler(world, **arguments)
            return self._serialise(reply, "") if type(reply) is Reply else cast("HandlerSteps", reply)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an operation of ours raises is a breach
            return self._failed(error)

    async def run_to_reply(self, steps: HandlerSteps) -> RawResponse:
        """Run a long operation up to its answer: at each ``yield`` of it the other requests have their turn.

        One that yields its reply goes on after that: see ``go_on``.
        """
        try:
            while True:
                reply = next(steps)
                if reply is not None:
                    return self._serialise(reply, "")
                await asyncio.sleep(0)
        except StopIteration as done:
            try:
                return self._serialise(done.value, "")
            except Exception as error:  # noqa: BLE001 - whatever an operation of ours raises is a breach
                return self._failed(error)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - the same
            return self._failed(error)

    async def finish(self, steps: HandlerSteps) -> RawResponse | None:
        """Do what a long operation does after its answer has left, in turns; return how it failed, if it did."""
        try:
            for _ in steps:
                await asyncio.sleep(0)
        except Exception as error:  # noqa: BLE001 - the same
            return self._failed(error)
        return None

    def _failed(self, error: Exception) -> RawResponse:
        if isinstance(error, ContractBreach):
            return self._breach(str(error))
        log.error("%s %s failed", self.operation.vendor, self.operation.id, exc_info=error)
        return self._breach(f"{type(error).__name__}: {error}")

    def refuse(self, refused: Refused) -> RawResponse:
        """Put a refusal into the vendor's words and seal it."""
        try:
            if self._render is not None:
                return self._serialise(self._render(refused), refused.cause.value)
            return self._serialise_generic(refused)
        except ContractBreach as breach:
            return self._breach(f"{breach} (while refusing: {refused.message})")
        except Exception as error:
            log.exception("%s cannot say no", self.operation.vendor)
            return self._breach(f"{type(error).__name__}: {error} (while refusing: {refused.message})")

    def _serialise(self, reply: Reply, cause: str) -> RawResponse:
        """Check a reply against the spec and turn it into bytes; raise ``Breach`` if the spec forbids it."""
        answer = self._responses.get(reply.status) or self._serialiser(reply.status)
        return answer.serialise(reply, cause)

    def _serialise_generic(self, refused: Refused) -> RawResponse:
        """Refuse for a vendor without words of its own: the spec's example of the status, else a plain problem."""
        response = self.operation.response(refused.status)
        reply = generic_error(self.document, refused, response)
        if response is not None and response.media:
            return self._serialise(reply, refused.cause.value)
        body = orjson.dumps(reply.body)
        base = base_headers(self.fidelity, reply.media_type or JSON)
        return RawResponse(reply.status, build_headers(base, body, refused.cause.value, reply.headers), body)

    def _serialiser(self, status: int) -> "_ResponseSerialiser":
        response = self.operation.response(status)
        if response is None:
            declared = ", ".join(self.operation.responses)
            raise ContractBreach(f"status {status} is not declared (there are {declared})")
        made = self._responses[status] = _ResponseSerialiser(response, status, self.fidelity)
        return made

    def _breach(self, why: str) -> RawResponse:
        """Answer that we broke the contract: our bug, said plainly, in no vendor's words."""
        log.error("%s %s broke its contract: %s", self.operation.vendor, self.operation.id, why)
        body = orjson.dumps(
            {
                "error": "understudy broke the vendor's contract; this is a bug of the stand-in",
                "vendor": self.operation.vendor,
                "operation": self.operation.id,
                "breach": why,
            }
        )
        headers = build_headers(base_headers(self.fidelity, JSON), body, given={"Understudy-Breach": "yes"})
        return RawResponse(500, headers, body, why)


class _ResponseSerialiser:
    """One declared status of an operation, ready to check and serialise replies."""

    __slots__ = ("_base", "_headers", "_is_json", "_media_type", "_response", "_status", "_validator")

    def __init__(self, response: Response, status: int, fidelity: str) -> None:
        self._status = status
        self._response = response
        self._media_type = response.media_type
        self._is_json = self._media_type.endswith("json")
        self._validator: Validator | None = response.media.get(self._media_type)
        self._headers = {header.name.lower(): header for header in response.headers}
        self._base = base_headers(fidelity, self._media_type)

    def serialise(self, reply: Reply, cause: str) -> RawResponse:
        """Return the checked bytes of a reply; raise ``Breach`` for one that the spec forbids."""
        body = self._body(reply)
        if reply.headers or self._headers:
            self._check_headers(reply.headers)
        return RawResponse(self._status, build_headers(self._base, body, cause, reply.headers), body)

    def _body(self, reply: Reply) -> bytes:
        value, text = reply.body, reply.text
        validator = self._validator
        if validator is None:
            if value is not None or text is not None:
                raise ContractBreach(f"status {self._status} is declared without a body")
            return b""
        if value is None and text is None:
            raise ContractBreach(f"status {self._status} is declared with a body")
        if not self._is_json:
            self._prove(validator, value)
            return value if isinstance(value, bytes) else str(value).encode()
        if text is None:
            try:
                text = orjson.dumps(value)
            except TypeError as error:
                raise ContractBreach(f"body of status {self._status}: {error}") from None
        if not validator.is_known_valid(text):
            self._prove(validator, orjson.loads(text) if value is None else value)
            validator.remember_valid(text)
        return text

    def _prove(self, validator: Validator, value: Any) -> None:
        try:
            is_valid = validator.is_valid(value)
        except ValueError as error:
            raise ContractBreach(f"body of status {self._status}: {error}") from None
        if not is_valid:
            said = "; ".join(f"{each.path or '/'}: {each.message}" for each in validator.violations(value)[:3])
            raise ContractBreach(f"body of status {self._status}: {said}")

    def _check_headers(self, given: Mapping[str, str]) -> None:
        present = {name.lower(): value for name, value in given.items()}
        for name, value in present.items():
            if not value.isprintable():
                raise ContractBreach(f"header {name} of status {self._status} holds control characters")
        for name, header in self._headers.items():
            if name not in present:
                if header.is_required:
                    raise ContractBreach(f"status {self._status} lacks the header {header.name}")
                continue
            try:
                header.value([present[name]])
            except InvalidParameter as unfit:
                raise ContractBreach(f"header {header.name} of status {self._status}: {unfit}") from None
