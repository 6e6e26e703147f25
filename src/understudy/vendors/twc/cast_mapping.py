"""Mapping from the cast to the event collector's events, subscriptions and jobs."""

from base64 import b64encode

import orjson

from understudy.core.cast import Person, Product
from understudy.core.json_types import Json


def registration(person: Person) -> Json:
    """Return the event of a new customer."""
    payload = {"email": person.email, "firstName": person.first_name, "lastName": person.last_name}
    return event("CUSTOMER", person.id, "CREATE", {**payload, "country": person.country}, {"country": person.country})


def product_update(product: Product) -> Json:
    """Return the event of a changed product."""
    payload = {"name": product.name, "brand": product.brand, "price": product.price, "currency": product.currency}
    return event("PRODUCT", product.id, "UPDATE", {**payload, "sku": product.sku}, {"sku": product.sku})


def event(kind: str, entity_id: str, operation: str, payload: Json, attributes: dict[str, str]) -> Json:
    """Return an event of an entity; ``payload`` is sent as base64 of its JSON, as the collector requires."""
    return {
        "entity_id": entity_id,
        "entity_name": kind,
        "event_source": "APPLICATION",
        "event_type": "ENTITY_EVENT",
        "event_payload": {
            "entity_id": entity_id,
            "operation": operation,
            "base64_encoded_payload_json": b64encode(orjson.dumps(payload)).decode(),
            "key_attributes": attributes,
        },
    }


def subscription(kind: str, destination: Json) -> Json:
    """Return a subscription to the events of entities of a type; ``destination`` is a queue or topic."""
    flags = {"subscribeCreate": True, "subscribeChange": True, "subscribeDelete": False}
    return {"active": True, "entityType": kind, "destination": destination, **flags}


def queue(name: str) -> Json:
    """Return an SQS queue as a destination."""
    sqs = {
        "accessKey": "understudy-access-key",
        "accessSecret": "understudy-access-secret",
        "queueUrl": f"https://sqs.ap-southeast-2.amazonaws.com/123456789012/{name}",
        "region": "ap-southeast-2",
    }
    return {"type": "SQS", "sqs": sqs}


def job(notification: str, schedule: str, campaign: str, items: int = 3) -> Json:
    """Return a job that notifies customers on a schedule."""
    return {
        "deleted": False,
        "is_active": True,
        "is_scheduled": True,
        "notification": notification,
        "number_of_items_in_email": items,
        "schedule": schedule,
        "template_id": "d-2f6a0c81b3e94d57",
        "job_parameters": {"campaign_id": campaign, "utm_medium": "email"},
    }
