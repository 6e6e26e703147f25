"""Notes on a request in its ASGI scope, for the log of requests: its entry in the journal, and why it was refused."""

from understudy.core.refused import Refused
from understudy.http.vendor_mount import Scope

EXCHANGE = "understudy.exchange"
"""Key of the request's ``ExchangeMeta``."""

REASON = "understudy.reason"
"""Key of the text that explains a refusal."""


def note_refusal(scope: Scope, refused: Refused) -> None:
    """Add the cause of a refusal, the place of its first violation if it has one, and the message.

    A value that breaks a schema is left out: it may be a credential.
    """
    parts = [refused.cause.value, refused.message]
    if refused.violations:
        first = refused.violations[0]
        parts[1:] = [f"{first.where} {first.path}".strip(), first.message if first.value is None else first.rule]
    scope[REASON] = ": ".join(parts)
