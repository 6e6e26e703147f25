"""On whose behalf a write is made, as its headers say."""

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
    """Have a write refuse one header of the lookup pair without the other, so that it need not take them itself."""

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
    checked.__signature__ = whole  # type: ignore[attr-defined]  # what inspect reads in place of a function's own
    return checked
