"""Saying no: facts that any layer raises and a vendor's ``errors.py`` puts into the vendor's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from understudy.core.reply import NO_HEADERS, Reply


class Cause(StrEnum):
    """What said no."""

    RULE = "rule"
    """A rule of the vendor beyond its schema: raised by an operation."""
    CONTRACT = "contract"
    """The request breaks the spec: see ``violations``."""
    CREDENTIALS = "credentials"
    """No credentials, unknown ones (401), or ones that may not do this (403)."""
    ROUTE = "route"
    """No operation at this path (404), or none with this method (405)."""
    FAULT = "fault"
    """Nothing of the request: a fault that was set on purpose."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a request breaks the spec.

    ``where`` is ``body``, ``query``, ``path`` or ``header``. ``path`` is a JSON pointer into the body (``""`` is the
    body itself) or the parameter's name, as the spec spells it. ``rule`` is the JSON Schema keyword that fails
    (``type``, ``enum``, ``required``, ``maxLength`` …), or ``malformed`` for text that is no JSON, ``size`` for a
    body over the limit, ``media_type`` for a content type that the operation does not take, and ``repeated`` for a
    parameter given more than once. A missing property's ``path`` ends with its own name. ``value`` is what was sent.
    """

    where: str
    path: str
    rule: str
    message: str
    value: Any = None

    @property
    def name(self) -> str:
        """The last part of the path: the property's or the parameter's own name."""
        return self.path.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """A request that the vendor would not accept, as a fact: which status, why, and where.

    ``code`` is the vendor's own code where it has one; ``data`` is whatever else its error shape carries. ``target`` is
    the path that was asked for, as the vendor would see it; it is filled in before the refusal is put into words.
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

    def problem(self) -> dict[str, Any]:
        """Return it as plain facts, in no vendor's shape."""
        violations = [{"in": each.where, "path": each.path, "message": each.message} for each in self.violations]
        return {"title": self.message, "status": self.status, "violations": violations}


def plain_reply(refused: Refused) -> Reply:
    """Return a refusal as a problem document (RFC 9457), which is no vendor's shape."""
    return Reply(refused.problem(), refused.status, refused.headers, "application/problem+json")
