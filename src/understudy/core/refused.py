"""Refusals: exceptions with facts that any layer raises, and that a vendor's ``errors.py`` turns into replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from understudy.core.json_pointer import unescape
from understudy.core.media_types import PROBLEM_JSON
from understudy.core.reply import NO_HEADERS, Reply


class Cause(StrEnum):
    """Cause of a refusal."""

    RULE = "rule"
    """Rule of the vendor beyond its schema; raised by a handler."""
    CONTRACT = "contract"
    """Request that breaks the spec; see ``violations``."""
    CREDENTIALS = "credentials"
    """Missing or unknown credentials (401), or credentials without permission (403)."""
    ROUTE = "route"
    """No operation at the path (404), or none with the method (405)."""
    LIMIT = "limit"
    """Limit of the server, such as its number of worlds; the request itself may be valid."""
    FAULT = "fault"
    """Injected fault; the request itself may be valid."""


COMBINATIONS = frozenset(("anyOf", "oneOf", "allOf", "not"))
"""Rules that combine schemas: each stands for a fault of its own, beside others of the same value."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Place at which a request breaks the spec.

    ``where`` is ``body``, ``query``, ``path`` or ``header``. ``path`` is a JSON pointer into the body (``""`` is the
    body itself) or the parameter's name, as the spec spells it. ``rule`` is the JSON Schema keyword that fails
    (``type``, ``enum``, ``required``, ``maxLength`` …), or ``malformed`` for a text that is not JSON, ``size`` for a
    body over the limit, ``media_type`` for a content type that the operation does not accept, ``repeated`` for a
    parameter given more than once, and ``unknown`` for one that is not declared, if the document refuses such. The
    ``path`` of a missing property ends with its name. ``value`` is the value sent. ``hint`` names the nearest right
    name, for readers of plain problem documents; a vendor's error does not show it. ``within`` are the violations in
    the alternative of ``oneOf`` or ``anyOf`` that the value is closest to, if there is one.
    """

    where: str
    path: str
    rule: str
    message: str
    value: Any = None
    hint: str = ""
    within: tuple["Violation", ...] = ()

    @property
    def name(self) -> str:
        """Name of the property or parameter: the last part of the path."""
        return unescape(self.path.rsplit("/", 1)[-1])

    def below(self, prefix: str) -> "Violation":
        """Return the violation of a part of the body, found at ``prefix``."""
        within = tuple(each.below(prefix) for each in self.within)
        return replace(self, path=prefix + self.path, within=within)


class Refused(Exception):  # noqa: N818 - a reply to the client, not an error of the server
    """Refusal of a request, as facts: status, message, violations and cause.

    ``code`` is the vendor's error code, if it has one; ``data`` holds other values of the vendor's error shape.
    ``target`` is the requested path as the vendor would see it, ``operation`` the id of the operation, empty if there
    is none; both are set before the refusal is rendered. ``body`` is the parsed body if it breaks the spec.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | int | None = None,
        violations: Sequence[Violation] = (),
        headers: Mapping[str, str] = NO_HEADERS,
        data: Any = None,
        cause: Cause = Cause.RULE,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.violations = tuple(violations)
        self.headers = headers
        self.data = data
        self.cause = cause
        self.target = ""
        self.operation = ""
        self.body: Any = None

    @property
    def faults(self) -> list[Violation]:
        """Violations, one for each fault: of those of a value only the first, beside those of its alternatives."""
        first = {(each.where, each.path): each for each in reversed(self.violations) if each.rule not in COMBINATIONS}
        return [each for each in self.violations if each.rule in COMBINATIONS or first[each.where, each.path] is each]

    def problem(self) -> dict[str, Any]:
        """Return the facts as an object, in no vendor's shape."""
        violations = [
            {"in": each.where, "path": each.path, "message": each.message + each.hint} for each in self.violations
        ]
        is_first = bool(self.violations) and self.violations[0].message == self.message
        title = violations[0]["message"] if is_first else self.message
        return {"title": title, "status": self.status, "violations": violations}


def plain_reply(refused: Refused) -> Reply:
    """Return a refusal as a problem document (RFC 9457), which is no vendor's shape."""
    return Reply(refused.problem(), refused.status, refused.headers, PROBLEM_JSON)
