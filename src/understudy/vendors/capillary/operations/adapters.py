"""Handlers of adapters, which translate names of a source to names of the organisation."""

from understudy.core.json_types import Json
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.capillary.attribution_headers import requires_header_pair
from understudy.vendors.capillary.envelope import list_reply, write_reply
from understudy.vendors.capillary.event_definitions import enabled_event, enabled_events

ADAPTERS = (
    {"name": "DefaultTransformer", "label": "Default Transformer Mapping"},
    {"name": "WebEngageTransformer", "label": "WebEngage Transformer"},
)


def list_adapters(state: VendorState) -> Reply:  # noqa: ARG001 - the same in every world
    """Return the adapters."""
    return list_reply([dict(adapter) for adapter in ADAPTERS])


def list_adapter_mappings(state: VendorState) -> Reply:
    """Return the mappings of all events that have one."""
    return list_reply(
        [
            {"eventName": event["eventName"], "transformerMappings": event["mappings"]}
            for event in enabled_events(state)
            if any(event["mappings"].values())
        ]
    )


@requires_header_pair
def map_events(state: VendorState, body: Json) -> Reply:
    """Store mappings of events to an adapter: with equal names, or field by field from names of a source."""
    data = body.get("webEngageTransformerData") or {}
    mapper: Json = data.get("eventMapper", {})
    sources: dict[str, str] = {own: source for source, own in (mapper.get("valueMap") or {}).items()}
    name_field = str(mapper.get("fieldName", "event_name"))
    same_named = [enabled_event(state, name) for name in body.get("eventsMapped") or ()]
    translated = [enabled_event(state, name) for name in data.get("eventFieldMapper") or {}]
    for event in same_named:
        pairs = [{"eventFieldName": field["name"], "fieldName": field["name"]} for field in event["meta"]["fields"]]
        name = str(event["eventName"])
        _store_mapping(state, name, "defaultTransformerMapping", _mapping("event_name", name, name, pairs))
    for event in translated:
        name = str(event["eventName"])
        pairs = [
            {"eventFieldName": pair["eventFieldName"], "fieldName": pair["fieldName"]}
            for pair in data["eventFieldMapper"][name]
        ]
        mapping = _mapping(name_field, sources.get(name, name), name, pairs)
        _store_mapping(state, name, "webEngageTransformerMapping", mapping)
    return write_reply()


def _mapping(name_field: str, source: str, name: str, pairs: list[Json]) -> Json:
    return {"eventNameMapping": {"fieldName": name_field, "valueMap": {source: name}}, "eventFieldMappings": pairs}


def _store_mapping(state: VendorState, name: str, kind: str, mapping: Json) -> None:
    event = enabled_event(state, name)
    event["mappings"][kind] = mapping
    state.collection("events").put(event)
