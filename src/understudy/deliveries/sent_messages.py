"""Messages that become due by the clock: those that the vendors' hooks ``sent`` return, added to their outboxes."""

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.core.steps import Steps
from understudy.core.timestamps import parse_rfc3339
from understudy.core.vendor import Vendor
from understudy.state.outbox import time_of
from understudy.state.vendor_state import VendorState
from understudy.state.world import World


def collect_due(world: World, vendors: Mapping[str, Vendor]) -> Steps[None]:
    """Add what the vendors' hooks have sent up to the world's time to the outboxes, oldest first, in steps."""
    for name, state in world.vendors.items():
        send = vendors[name].sent if name in vendors else None
        if send is not None:
            yield from _collect(state, (yield from send(state)))


def _collect(state: VendorState, messages: list[Json]) -> Steps[None]:
    """Add the messages that are not in the outbox yet; equal ones are numbered."""
    counts: Counter[str] = Counter()
    for message in sorted(messages, key=itemgetter("at")):
        text = orjson.dumps([message[name] for name in ("at", "kind", "what")], option=orjson.OPT_SORT_KEYS)
        digest = blake2b(text, digest_size=12).hexdigest()
        counts[digest] += 1
        state.outbox.add(
            message["kind"],
            f"{state.vendor}:{message['kind']}",
            message["what"],
            at=parse_rfc3339(message["at"]),
            once=f"{digest} {counts[digest]}",
        )
        yield


def sent_messages(world: World, vendors: Mapping[str, Vendor]) -> Steps[list[Json]]:
    """Return all messages of a world up to its time, those that are due by the clock too: oldest first, in steps."""
    yield from collect_due(world, vendors)
    found: list[tuple[str, Json]] = []
    for name, state in world.vendors.items():
        for record in state.outbox:
            found.append((record["created"], _shown(name, record)))
            yield
    return [message for _, message in sorted(found, key=itemgetter(0))]


def _shown(vendor: str, record: Json) -> Json:
    body: Any = record["body"]
    at = time_of(record["created"])
    text = at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")
    what = body if isinstance(body, dict) else {"body": body}
    return {"vendor": vendor, "at": text, "kind": record["kind"], "what": what}
