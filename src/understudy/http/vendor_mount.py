"""Mount of a vendor: the prefix of its paths and its hosts; the types of ASGI."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from understudy.core.vendor import Vendor

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[Any]]

ANY_LABEL = "*"
"""First label of a host name that stands for any label, as in a certificate."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Prefix of all paths of a vendor, and the hosts on which its paths have no prefix; some begin with ``ANY_LABEL``.

    ``allows_cors``: pages of any origin may call the vendor. ``inferred_paths``: operationIds by path below the prefix,
    of operations whose path is inferred and on no page of the vendor. ``takes_trailing_slash``: each path is taken with
    and without a slash at the end. ``takes_method_override``: a POST is the method that its header
    ``X-HTTP-Method-Override`` names.
    """

    prefix: str
    vendor: Vendor
    hosts: frozenset[str] = frozenset()
    allows_cors: bool = False
    inferred_paths: Mapping[str, str] = field(default_factory=dict)
    takes_trailing_slash: bool = False
    takes_method_override: bool = False
