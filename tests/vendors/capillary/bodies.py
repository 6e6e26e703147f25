"""Request bodies: event definitions, and an occurrence of an event of the start data."""

from typing import Any

Json = dict[str, Any]

WEBHOOK = "5f0d2c7a91be4e6c8d3a7b1420c9e8f6"
LOCKED = "c41d8e02b7a94f3c9e6510d2a8b7f3e4"


def field(name: str, kind: str, **attributes: str) -> Json:
    given = {key: {"value": value, "valueType": "Boolean"} for key, value in attributes.items()}
    return {"name": name, "type": kind, "attributes": given}


def event(name: str, *fields: Json, **more: Any) -> Json:
    return {"eventName": name, "actions": ["EMFConsumer"], "fields": list(fields), **more}


def booking(**more: Any) -> Json:
    return {
        "event_name": "TableBooked",
        "customer": "390000000001",
        "restaurant": "Alla Ribalta",
        "bookingCode": "B-7",
        **more,
    }
