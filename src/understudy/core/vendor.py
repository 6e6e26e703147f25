"""How one vendor behaves, gathered: what a folder under ``vendors/`` amounts to."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.table import Table

Handler = Callable[..., Reply | Generator[Reply | None, None, Reply | None]]
CredentialCheck = Callable[[Any, Any], Caller | None]
StartFunction = Callable[[Any, Any, Mapping[str, Any]], dict[str, Any]]
SentFunction = Callable[[Any], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's behaviour. All of it is optional: a spec alone is served from samples.

    ``operations`` maps an operationId to its function, ``security`` a security scheme's name to the function that
    recognises its credentials; ``anyone`` is who asks where every credential is taken, ``sign_in`` gives the headers of
    the development client. ``render`` puts a refusal into the vendor's words. ``start`` fills a new world and
    returns what a client needs for its first call. ``sent`` returns what the vendor would have sent out by itself up
    to the world's time: objects with ``at`` (a time as text), ``kind`` and ``what``.
    """

    name: str
    operations: Mapping[str, Handler] = field(default_factory=dict)
    security: Mapping[str, CredentialCheck] = field(default_factory=dict)
    anyone: Callable[[Any], Caller] | None = None
    sign_in: Callable[..., dict[str, str]] | None = None
    render: Callable[[Refused], Reply] | None = None
    tables: tuple[Table, ...] = ()
    start: StartFunction | None = None
    sent: SentFunction | None = None
