"""Adapters, which translate a source's names into the organisation's."""

from typing import Any

from understudy.core.reply import Reply
from understudy.state.vendor_state import World
from understudy.vendors.capillary.attribution_headers import attributed
from understudy.vendors.capillary.envelope import done, listed
from understudy.vendors.capillary.event_definitions import live_event, live_events

Json = dict[str, Any]

ADAPTERS = (
    {"name": "DefaultTransformer", "label": "Default Transformer Mapping"},
    {"name": "WebEngageTransformer", "label": "WebEngage Transformer"},
)


def list_adapters(world: World) -> Reply:  # noqa: ARG001 - the same in every world
    """Return the adapters that there are."""
    return listed([dict(adapter) for adapter in ADAPTERS])


def list_adapter_mappings(world: World) -> Reply:
    """Return the mappings of every event that has one."""
    return listed(
        [
            {"eventName": event["eventName"], "transformerMappings": event["mappings"]}
            for event in live_events(world)
            if any(event["mappings"].values())
        ]
    )


@attributed
def map_events(world: World, body: Json) -> Reply:
    """Map events to an adapter: as they are, or field by field from a source's names."""
    data = body.get("webEngageTransformerData", {})
    mapper: Json = data.get("eventMapper", {})
    sources: dict[str, str] = {own: source for source, own in mapper.get("valueMap", {}).items()}
    name_field = str(mapper.get("fieldName", "event_name"))
    untranslated = [live_event(world, name) for name in body.get("eventsMapped", ())]
    translated = [live_event(world, name) for name in data.get("eventFieldMapper", {})]
    for event in untranslated:
        pairs = [{"eventFieldName": field["name"], "fieldName": field["name"]} for field in event["meta"]["fields"]]
        name = str(event["eventName"])
        _keep(world, name, "defaultTransformerMapping", _mapping("event_name", name, name, pairs))
    for event in translated:
        name = str(event["eventName"])
        pairs = [
            {"eventFieldName": pair["eventFieldName"], "fieldName": pair["fieldName"]}
            for pair in data["eventFieldMapper"][name]
        ]
        mapping = _mapping(name_field, sources.get(name, name), name, pairs)
        _keep(world, name, "webEngageTransformerMapping", mapping)
    return done()


def _mapping(name_field: str, source: str, name: str, pairs: list[Json]) -> Json:
    return {"eventNameMapping": {"fieldName": name_field, "valueMap": {source: name}}, "eventFieldMappings": pairs}


def _keep(world: World, name: str, kind: str, mapping: Json) -> None:
    event = live_event(world, name)
    event["mappings"][kind] = mapping
    world.collection("events").put(event)
