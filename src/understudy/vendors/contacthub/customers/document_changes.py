"""Changes of a customer document: create, merge, patch and replace.

A request body is sparse: a name that is left out and a null mean different things. The result is always the full form.
"""

from collections.abc import Iterable

from understudy.core.json_types import Json
from understudy.vendors.contacthub.customers.full_document import complete_subscription, expand

WRITABLE_PROPERTIES = ("externalId", "base", "consents", "extended", "extra", "tags", "enabled")
"""Properties of a customer that a client can write; the server sets the others."""

SERVER_TIMES = ("registeredAt", "updatedAt")
"""Times of a subscription whose default is the time of the write."""


def new_document(blank: Json, sent: Json, now: str) -> Json:
    """Return a new customer, made of the server's properties (``blank``) and the request body."""
    base = sent.get("base") or {}
    subscriptions = merge_subscriptions([], base.get("subscriptions") or [], now)
    return expand(blank | _writable_part(sent) | {"base": {**base, "subscriptions": subscriptions}})


def merge(customer: Json, sent: Json, now: str) -> Json:
    """Return a customer merged with a body: lists are appended to, and null does not unset a list or an object."""
    return _merge_over(customer, sent, now, appends_lists=True, is_strict=False)


def patch(customer: Json, sent: Json, now: str, *, is_strict: bool) -> Json:
    """Return a customer with a body merged over it: null unsets, lists are replaced.

    Subscriptions are merged one by one, unless ``is_strict``, which replaces their list.
    """
    return _merge_over(customer, sent, now, appends_lists=False, is_strict=is_strict)


def replace(customer: Json, sent: Json, now: str, *, keeps_subscriptions: bool) -> Json:
    """Return a customer with its writable properties replaced by those of a body, which unsets what it lacks.

    If it ``keeps_subscriptions``, they are merged one by one.
    """
    base = sent.get("base") or {}
    old = customer["base"]["subscriptions"] if keeps_subscriptions else []
    subscriptions = merge_subscriptions(old, base.get("subscriptions") or [], now)
    server_properties = {name: value for name, value in customer.items() if name not in WRITABLE_PROPERTIES}
    return expand(server_properties | _writable_part(sent) | {"base": {**base, "subscriptions": subscriptions}})


def merge_subscriptions(old: Iterable[Json], sent: Iterable[Json], now: str) -> list[Json]:
    """Return the old and the sent subscriptions, merged by id; a stored property that is not sent stays."""
    found = {subscription["id"]: subscription for subscription in old}
    for subscription in sent:
        found[subscription["id"]] = write_subscription(found.get(subscription["id"], {}), subscription, now)
    return list(found.values())


def write_subscription(old: Json, sent: Json, now: str) -> Json:
    """Return a subscription: the old one (empty for a new one) merged with the sent one, with the server's times."""
    combined = sent
    if old:
        given = {name: value for name, value in sent.items() if value is not None or name not in SERVER_TIMES}
        combined = _deep_merge(old, given, appends_lists=False)
    written = complete_subscription(combined)
    if combined.get("preferences") is not None:
        written["preferences"] = _preferences(combined["preferences"])
    written["registeredAt"] = written["registeredAt"] or now
    if sent.get("updatedAt") is None and written != old:
        written["updatedAt"] = now
    return written


def _merge_over(customer: Json, sent: Json, now: str, *, appends_lists: bool, is_strict: bool) -> Json:
    combined = _deep_merge(customer, _writable_part(sent), appends_lists=appends_lists)
    given = (sent.get("base") or {}).get("subscriptions")
    if given is not None:
        old = [] if is_strict else customer["base"]["subscriptions"]
        combined["base"]["subscriptions"] = merge_subscriptions(old, given, now)
    return expand(combined)


def _writable_part(sent: Json) -> Json:
    part = {name: sent[name] for name in WRITABLE_PROPERTIES if name in sent}
    if "enabled" in part and part["enabled"] is None:
        del part["enabled"]  # null counts as absent, for the page does not call it nullable
    return part


def _deep_merge(old: Json, sent: Json, *, appends_lists: bool) -> Json:
    """Return an object with another merged over it, at every depth."""
    result = dict(old)
    for name, value in sent.items():
        before = old.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            result[name] = _deep_merge(before, value, appends_lists=appends_lists)
        elif appends_lists and isinstance(before, list) and isinstance(value, list):
            result[name] = before + value
        elif not (appends_lists and value is None and isinstance(before, dict | list)):
            result[name] = value
    return result


def _preferences(choices: list[Json]) -> list[Json]:
    return [{name: choice[name] for name in ("key", "value") if name in choice} for choice in choices]
