"""Fields that the vendor stores; other fields are ignored, and null counts as a missing field."""

from collections.abc import Mapping
from typing import Any

from understudy.core.json_types import Json

Fields = Mapping[str, "Fields | None"]


def _plain(names: str) -> dict[str, Fields | None]:
    return dict.fromkeys(names.split())


EVENT: Fields = {
    **_plain("id entity_id entity_name event_source event_type"),
    "event_payload": _plain(
        "base64_encoded_fault_json base64_encoded_payload_json entity_id key_attributes operation",
    ),
}
SUBSCRIPTION: Fields = {
    **_plain("id active entityType subscribeCreate subscribeChange subscribeDelete"),
    "destination": {**_plain("type"), "sqs": _plain("accessKey accessSecret queueUrl region")},
}
JOB: Fields = {
    **_plain("id deleted is_active is_scheduled notification number_of_items_in_email"),
    **_plain("schedule scheduleExpression template_id"),
    "job_parameters": _plain("campaign_id utm_medium"),
}


def keep_known(body: Mapping[str, Any], fields: Fields) -> Json:
    """Return the known fields of a body, at every depth, without nulls."""
    kept: Json = {}
    for name, inner in fields.items():
        value = body.get(name)
        if value is not None:
            kept[name] = _without_nulls(value) if inner is None else keep_known(value, inner)
    return kept


def _without_nulls(value: Any) -> Any:
    """Return a value; from a map of the caller's own names, without the nulls."""
    return {key: each for key, each in value.items() if each is not None} if isinstance(value, dict) else value
