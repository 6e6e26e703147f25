"""Attribution headers of a write: the lookup type and the lookup come together or not at all."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.errors import LOOKUP_PAIR

PAIR = ("x_cap_api_attribution_lookup_type", "x_cap_api_attribution_lookup")


def requires_header_pair(operation: Callable[..., Reply]) -> Callable[..., Reply]:
    """Return a handler that refuses one header of the lookup pair without the other.

    The handler itself does not take the two headers: they are added to its signature, which discovery checks.
    """

    @wraps(operation)
    def checked(state: VendorState, *given: Any, **named: Any) -> Reply:
        lookup_type, lookup = (named.pop(name, None) for name in PAIR)
        if (lookup_type is None) != (lookup is None):
            raise Refused(
                400,
                "X-CAP-API-ATTRIBUTION-LOOKUP-TYPE and X-CAP-API-ATTRIBUTION-LOOKUP go together",
                code=LOOKUP_PAIR,
            )
        return operation(state, *given, **named)

    own = signature(operation)
    headers = [Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=str | None) for name in PAIR]
    whole = own.replace(parameters=[*own.parameters.values(), *headers])
    checked.__signature__ = whole  # type: ignore[attr-defined]  # read by inspect in place of the function's own
    return checked
