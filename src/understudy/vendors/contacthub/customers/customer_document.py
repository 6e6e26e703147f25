"""What a customer holds, in full, and how what is sent changes it.

Answers are full: a property that is not set is null, a list without elements is empty, extended properties without a
value are left out. What is sent is sparse: a name that is left out and a null are two things.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.vendors.contacthub.timestamps import normalise_time

PARTS = ("externalId", "base", "consents", "extended", "extra", "tags", "enabled")
"""What a client may write; all else of a customer is the server's."""

SERVER_TIMES = ("registeredAt", "updatedAt")
"""The times of a subscription that the server fills in where none is sent."""

Complete = Callable[[Json], Json]
"""Makes an object of what is known of it: every property that its kind has, and no other."""

Mend = Callable[[Any], Any]
"""Makes the full value of a property of a sparse one; of a list, of one that has elements."""


def _form(names: str, lists: Mapping[str, Mend] = MappingProxyType({}), **mends: Mend) -> Complete:
    """Return what completes objects with these properties; ``lists`` and those that are no plain values are mended."""
    blank = dict.fromkeys(names.split())
    size = len(blank)
    parts, listed = tuple(mends.items()), tuple(lists.items())

    def complete(value: Json) -> Json:
        full = blank | value
        if len(full) != size:
            full = {name: full[name] for name in blank}
        for name, mend in parts:
            part = full[name]
            if part is not None:
                full[name] = mend(part)
        for name, mend in listed:
            items = full[name]
            full[name] = mend(items) if items else []
        return full

    return complete


def _by_id(complete: Complete) -> Mend:
    """Of two elements with one id, the later counts, in the earlier one's place."""
    return lambda items: list({item["id"]: complete(item) for item in items}.values())


def _once(complete: Complete) -> Mend:
    """Of two equal elements, one stays."""
    return lambda items: list({tuple((full := complete(item)).values()): full for item in items}.values())


def _preferences(choices: list[Json]) -> list[Json]:
    return [{name: choice[name] for name in ("key", "value") if name in choice} for choice in choices]


complete_education = _form("id schoolType schoolName schoolConcentration startYear endYear isCurrent")
complete_like = _form("id category name createdTime", createdTime=normalise_time)
complete_job = _form("id companyIndustry companyName jobTitle startDate endDate isCurrent")
_subscription = _form(
    "id name type kind subscribed startDate endDate subscriberId registeredAt updatedAt subscribeContext"
    " unsubscribeContext",
    startDate=normalise_time,
    endDate=normalise_time,
    registeredAt=normalise_time,
    updatedAt=normalise_time,
    subscribeContext=_form("ip userAgent"),
    unsubscribeContext=_form("ip userAgent campaignId campaignMessageId"),
)
_contacts = _form(
    "email fax mobilePhone phone otherContacts mobileDevices",
    {
        "otherContacts": _once(_form("name type value")),
        "mobileDevices": _once(_form("identifier appId name type notificationService")),
    },
)
_base = _form(
    "pictureUrl title prefix firstName lastName middleName gender dob locale timezone contacts address credential"
    " educations likes socialProfile jobs subscriptions",
    {
        "educations": _by_id(complete_education),
        "likes": _by_id(complete_like),
        "jobs": _by_id(complete_job),
        "subscriptions": list,  # they are completed where they are merged
    },
    contacts=_contacts,
    address=_form("street city country province region zip geo", geo=_form("lat lon")),
    credential=_form("password username"),
    socialProfile=_form("facebook google instagram linkedin qzone twitter"),
)
_consent = _form("status limitation objection")
_traditional = _form("telephonic papery", telephonic=_consent, papery=_consent)
_automatic = _form(
    "sms email push im telephonic", sms=_consent, email=_consent, push=_consent, im=_consent, telephonic=_consent
)
_consents = _form(
    "disclaimer marketing profiling softSpam thirdPartyTransfer",
    disclaimer=_form("date version", date=normalise_time),
    marketing=_form("traditional automatic", traditional=_traditional, automatic=_automatic),
    profiling=_form("classic online", classic=_consent, online=_consent),
    softSpam=_form("email papery", email=_consent, papery=_consent),
    thirdPartyTransfer=_form("profiling marketing", profiling=_consent, marketing=_consent),
)


def expand(customer: Json) -> Json:
    """Return a customer with all that is written of it in full.

    What the server makes must be there, and subscriptions are taken as they are (``merge_subscriptions``).
    """
    return {
        "id": customer["id"],
        "intId": customer["intId"],
        "externalId": customer.get("externalId"),
        "nodeId": customer["nodeId"],
        "base": _base(customer.get("base") or {}),
        "consents": _consents(customer.get("consents") or {}),
        "extended": _full_extended(customer.get("extended") or {}),
        "extra": customer.get("extra"),
        "tags": _full_tags(customer.get("tags") or {}),
        "enabled": customer.get("enabled", True),
        "registeredAt": customer["registeredAt"],
        "updatedAt": customer["updatedAt"],
        "version": customer["version"],
        "deleted": customer["deleted"],
        "sourceInfo": customer["sourceInfo"],
    }


def new_document(blank: Json, sent: Json, now: str) -> Json:
    """Return a new customer: what the server makes of it, and what was sent."""
    base = sent.get("base") or {}
    subscriptions = merge_subscriptions([], base.get("subscriptions") or [], now)
    return expand(blank | _parts_of(sent) | {"base": {**base, "subscriptions": subscriptions}})


def merge(customer: Json, sent: Json, now: str) -> Json:
    """Return a customer with what is sent on top; lists are appended to, and a null takes no list or object away."""
    return _put_on(customer, sent, now, is_appended=True, is_strict=False)


def patch(customer: Json, sent: Json, now: str, *, is_strict: bool) -> Json:
    """Return a customer with what is sent on top; null unsets, lists are replaced.

    Subscriptions are merged one by one unless ``is_strict``.
    """
    return _put_on(customer, sent, now, is_appended=False, is_strict=is_strict)


def replace(customer: Json, sent: Json, now: str, *, is_strict: bool) -> Json:
    """Return a customer with what is sent in place of all that a client may write.

    Subscriptions are merged one by one unless ``is_strict``.
    """
    base = sent.get("base") or {}
    old = [] if is_strict else customer["base"]["subscriptions"]
    subscriptions = merge_subscriptions(old, base.get("subscriptions") or [], now)
    kept = {name: value for name, value in customer.items() if name not in PARTS}
    return expand(kept | _parts_of(sent) | {"base": {**base, "subscriptions": subscriptions}})


def merge_subscriptions(old: Iterable[Json], sent: Iterable[Json], now: str) -> list[Json]:
    """Return subscriptions by id: of one that is there already, what is not sent stays."""
    found = {subscription["id"]: subscription for subscription in old}
    for subscription in sent:
        found[subscription["id"]] = write_subscription(found.get(subscription["id"], {}), subscription, now)
    return list(found.values())


def write_subscription(old: Json, sent: Json, now: str) -> Json:
    """Return a subscription with what is sent on top of the old one, with the server's times where none are sent."""
    whole = sent
    if old:
        given = {name: value for name, value in sent.items() if value is not None or name not in SERVER_TIMES}
        whole = _graft(old, given, is_appended=False)
    written = _subscription(whole)
    if whole.get("preferences") is not None:
        written["preferences"] = _preferences(whole["preferences"])
    written["registeredAt"] = written["registeredAt"] or now
    if sent.get("updatedAt") is None and written != old:
        written["updatedAt"] = now
    return written


def _put_on(customer: Json, sent: Json, now: str, *, is_appended: bool, is_strict: bool) -> Json:
    whole = _graft(customer, _parts_of(sent), is_appended=is_appended)
    given = (sent.get("base") or {}).get("subscriptions")
    if given is not None:
        old = [] if is_strict else customer["base"]["subscriptions"]
        whole["base"]["subscriptions"] = merge_subscriptions(old, given, now)
    return expand(whole)


def _parts_of(sent: Json) -> Json:
    return {name: sent[name] for name in PARTS if name in sent}


def _graft(old: Json, sent: Json, *, is_appended: bool) -> Json:
    """Return an object with another on top, deeply."""
    grown = dict(old)
    for name, value in sent.items():
        before = old.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            grown[name] = _graft(before, value, is_appended=is_appended)
        elif is_appended and isinstance(before, list) and isinstance(value, list):
            grown[name] = before + value
        elif not (is_appended and value is None and isinstance(before, dict | list)):
            grown[name] = value
    return grown


def _full_tags(tags: Json) -> Json | None:
    """Return both lists without doubles; nothing for a customer without tags (notes, section 5)."""
    full = {name: list(dict.fromkeys(tags.get(name) or ())) for name in ("auto", "manual")}
    return full if full["auto"] or full["manual"] else None


def _full_extended(values: Json) -> Json:
    return {name: _unique(value) for name, value in values.items() if value is not None}


def _unique(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return list({orjson.dumps(item, option=orjson.OPT_SORT_KEYS): item for item in value}.values())
