"""Notes on a request in its ASGI scope: its entry in the journal, and why it was refused."""

from understudy.core.refused import Refused, Violation
from understudy.http.vendor_mount import Scope
from understudy.state.journal import RefusalFacts

EXCHANGE = "understudy.exchange"
"""Key of the request's ``ExchangeMeta``."""

REASON = "understudy.reason"
"""Key of the text that explains a refusal, for the log of requests."""

REFUSAL = "understudy.refusal"
"""Key of the ``RefusalFacts``, for the journal."""

MAX_VIOLATIONS = 50
MAX_MESSAGE = 500
"""Number of violations that the journal keeps of a refusal, and characters of each message."""


def note_refusal(scope: Scope, refused: Refused) -> None:
    """Add the cause of a refusal, the place of its first violation if it has one, and the message.

    A value that breaks a schema is left out: it may be a credential.
    """
    parts = [refused.cause.value, refused.message]
    if refused.violations:
        first = refused.violations[0]
        parts[1:] = [f"{first.where} {first.path}".strip(), first.message if first.value is None else first.rule]
    scope[REASON] = ": ".join(parts)
    scope[REFUSAL] = _facts(refused)


def forget_refusal(scope: Scope) -> None:
    """Remove the notes on a refusal, before the request runs again."""
    scope.pop(REASON, None)
    scope.pop(REFUSAL, None)


def _facts(refused: Refused) -> RefusalFacts:
    found = [part for each in refused.faults[:MAX_VIOLATIONS] for part in (each, *each.within)]
    is_quoted = any(each.message == refused.message and _quotes(each) for each in found)
    title = "the request breaks the document" if is_quoted else refused.message[:MAX_MESSAGE]
    return title, tuple(map(_violation, found[:MAX_VIOLATIONS]))


def _violation(violation: Violation) -> tuple[str, str, str, str]:
    message = "" if _quotes(violation) else violation.message[:MAX_MESSAGE]
    return violation.where, violation.path, str(violation.rule), message


def _quotes(violation: Violation) -> bool:
    """Return whether a message quotes a whole object or list, which may hold a credential."""
    return isinstance(violation.value, dict | list) and violation.message[:1] in ("{", "[")
