"""Checks that a request went through, in their order, up to the one that it failed."""

from collections.abc import Iterator
from typing import NamedTuple

from understudy.contract.compiled_operations import Operation
from understudy.control.exchanges import RedactedExchange
from understudy.core.counted import counted
from understudy.core.json_types import Json
from understudy.core.refused import Cause
from understudy.state.journal import BREACH

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
ROUTE, CREDENTIALS, PARAMETERS, BODY, RULES, ANSWER = "route", "credentials", "parameters", "body", "rules", "answer"


class Check(NamedTuple):
    """Check of a request or its answer: its name, its result, and the part of the document that it went by."""

    check: str
    result: str
    detail: str


def request_checks(call: RedactedExchange, operation: Operation | None) -> list[Json]:
    """Return the checks of an exchange, as the control API's schema ``RequestCheck`` has them."""
    return [check._asdict() for check in _results(call, operation)]


def _results(call: RedactedExchange, operation: Operation | None) -> Iterator[Check]:
    if operation is None:
        yield Check(ROUTE, FAILED, call.refusal().get("title") or "no operation is there")
        return
    failed = _failed(call)
    is_over = False
    for name, detail in _details(call, operation):
        if name in failed:
            result, is_over = FAILED, name not in (PARAMETERS, BODY)
        elif is_over or call.exchange.outcome == Cause.FAULT:
            result = SKIPPED
        else:
            result = PASSED
        yield Check(name, result, detail)
        is_over = is_over or (name == BODY and bool(failed & {PARAMETERS, BODY}))


def _failed(call: RedactedExchange) -> frozenset[str]:
    """Return the names of the checks that an exchange failed; of a contract's refusal both parts may be."""
    if call.outcome == BREACH:
        return frozenset((ANSWER,))
    if call.exchange.outcome == Cause.CREDENTIALS:
        return frozenset((CREDENTIALS,))
    if call.exchange.outcome != Cause.CONTRACT:
        return frozenset((RULES,)) if call.exchange.outcome in (Cause.RULE, Cause.LIMIT) else frozenset()
    places = {each["in"] for each in call.refusal().get("violations", ())}
    return frozenset((BODY,) if places == {"body"} else (PARAMETERS, BODY) if "body" in places else (PARAMETERS,))


def _details(call: RedactedExchange, operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the name of each check of an operation, with what it goes by."""
    yield ROUTE, f"{operation.method.upper()} {operation.path} is {operation.id}"
    schemes = [" and ".join(each.scheme for each in option) for option in operation.security]
    yield CREDENTIALS, " or ".join(dict.fromkeys(filter(None, schemes))) or "open to all"
    yield PARAMETERS, f"{counted(len(operation.parameters), 'parameter')} declared"
    yield BODY, "none declared" if operation.body is None else f"schema of {' or '.join(operation.body.media)}"
    yield RULES, f"{counted(len(operation.rules), 'rule')} listed" if operation.rules else "none listed"
    declared = "declared" if operation.response(call.exchange.status) else "not declared"
    yield ANSWER, call.exchange.breach or f"{call.exchange.status} {declared}"
