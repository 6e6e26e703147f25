"""Full form of a customer document, and of the elements of its lists.

Responses are full: a property that is not set is null, a list without elements is empty, and extended properties
without a value are left out. Of a customer without consents, tags or extended values, that part is null.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from understudy.core.json_types import Json
from understudy.vendors.contacthub.timestamps import normalise_time

Complete = Callable[[Json], Json]
"""Function that returns an object with exactly the properties of its kind: missing ones are null, others dropped."""

Fill = Callable[[Any], Any]
"""Function that returns the full form of a property's value, which is not null; a list has elements."""


def _form(names: str, lists: Mapping[str, Fill] = MappingProxyType({}), **fills: Fill) -> Complete:
    """Return the function that completes objects with these property names.

    ``lists`` and ``fills`` hold, by property, the function that completes a list, or another value.
    """
    blank = dict.fromkeys(names.split())
    size = len(blank)
    parts, listed = tuple(fills.items()), tuple(lists.items())

    def complete(value: Json) -> Json:
        full = blank | value
        if len(full) != size:
            full = {name: full[name] for name in blank}
        for name, fill in parts:
            part = full[name]
            if part is not None:
                full[name] = fill(part)
        for name, fill in listed:
            items = full[name]
            full[name] = fill(items) if items else []
        return full

    return complete


def _by_id(complete: Complete) -> Fill:
    """Return the form of a list of unique ids: of equal ids the last element stays, at the first one's position."""
    return lambda items: list({item["id"]: complete(item) for item in items}.values())


def _once(complete: Complete) -> Fill:
    """Return the form of a list without equal elements."""
    return lambda items: list({tuple((full := complete(item)).values()): full for item in items}.values())


def _known(complete: Complete) -> Fill:
    """Return the form of an object that is null if none of its properties is set."""

    def fill(value: Json) -> Json | None:
        full = complete(value)
        return full if any(part is not None for part in full.values()) else None

    return fill


complete_education = _form("id schoolType schoolName schoolConcentration startYear endYear isCurrent")
complete_like = _form("id category name createdTime", createdTime=normalise_time)
complete_job = _form("id companyIndustry companyName jobTitle startDate endDate isCurrent")
complete_subscription = _form(
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
        "subscriptions": list,  # merge_subscriptions completes them
    },
    contacts=_contacts,
    address=_form("street city country province region zip geo", geo=_form("lat lon")),
    credential=_form("password username"),
    socialProfile=_form("facebook google instagram linkedin qzone twitter"),
)
_consent = _known(_form("status limitation objection"))
_traditional = _known(_form("telephonic papery", telephonic=_consent, papery=_consent))
_automatic = _known(
    _form("sms email push im telephonic", sms=_consent, email=_consent, push=_consent, im=_consent, telephonic=_consent)
)
_consents = _form(
    "disclaimer marketing profiling softSpam thirdPartyTransfer",
    disclaimer=_known(_form("date version", date=normalise_time)),
    marketing=_known(_form("traditional automatic", traditional=_traditional, automatic=_automatic)),
    profiling=_known(_form("classic online", classic=_consent, online=_consent)),
    softSpam=_known(_form("email papery", email=_consent, papery=_consent)),
    thirdPartyTransfer=_known(_form("profiling marketing", profiling=_consent, marketing=_consent)),
)


def expand(customer: Json) -> Json:
    """Return a customer in full form.

    The properties that the server sets are required. Subscriptions must be full already: ``merge_subscriptions`` makes
    them so.
    """
    return {
        "id": customer["id"],
        "intId": customer["intId"],
        "externalId": customer.get("externalId"),
        "nodeId": customer["nodeId"],
        "base": _base(customer.get("base") or {}),
        "consents": _full_consents(customer.get("consents") or {}),
        "extended": _full_extended(customer.get("extended") or {}) or None,
        "extra": customer.get("extra"),
        "tags": _full_tags(customer.get("tags") or {}),
        "enabled": customer.get("enabled", True),
        "registeredAt": customer["registeredAt"],
        "updatedAt": customer["updatedAt"],
        "version": customer["version"],
        "deleted": customer["deleted"],
        "sourceInfo": customer["sourceInfo"],
    }


def _full_tags(tags: Json) -> Json | None:
    """Return both lists of tags without duplicates; ``None`` for a customer without tags, as inferred."""
    full = {name: list(dict.fromkeys(tags.get(name) or ())) for name in ("auto", "manual")}
    return full if full["auto"] or full["manual"] else None


def _full_consents(consents: Json) -> Json | None:
    """Return the consents in full form; ``None`` for a customer without any, as the vendor's .NET library expects."""
    full = _consents(consents)
    return full if any(part is not None for part in full.values()) else None


def _full_extended(values: Json) -> Json:
    return {name: _unique(value) for name, value in values.items() if value is not None}


def _unique(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return list({orjson.dumps(item, option=orjson.OPT_SORT_KEYS): item for item in value}.values())
