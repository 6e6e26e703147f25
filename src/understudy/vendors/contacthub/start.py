"""Start data of Contacthub: workspaces with their nodes, sources, users, customers, events and bulk jobs."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from understudy.core.cast import Cast
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured
from understudy.core.steps import Steps
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.jobs import set_pace
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.configuration.throttling import use_up_rate
from understudy.vendors.contacthub.customers.unknown_keys import set_unknown_keys
from understudy.vendors.contacthub.nodes.node_access import AGGREGATE, ENTRY
from understudy.vendors.contacthub.nodes.nodes import put_node
from understudy.vendors.contacthub.nodes.sources import store_source
from understudy.vendors.contacthub.replies import set_times
from understudy.vendors.contacthub.retention.expiry import mark_done_today
from understudy.vendors.contacthub.security import OPERATOR, ROLES, token_row
from understudy.vendors.contacthub.start_data.bulk_jobs import add_start_jobs
from understudy.vendors.contacthub.start_data.customers import add_start_customers
from understudy.vendors.contacthub.start_data.events import add_start_events
from understudy.vendors.contacthub.start_data.fixed_ids import (
    DISABLED,
    EVERYONE,
    FIRST_USER,
    OTHER_ENTRY_NODE,
    RESERVE,
    SECOND_USER,
    SHOP_SYSTEM,
    SUSPENDED,
    THROTTLED,
    USERDB,
    WEB_SHOP,
    Places,
    example_id,
    example_token,
)
from understudy.vendors.contacthub.start_data.printed_records import add_printed_records
from understudy.vendors.contacthub.tables import TOKENS, USERS, WORKSPACES
from understudy.vendors.contacthub.timestamps import time_text
from understudy.vendors.contacthub.writing.customer_put import set_missing_in_put

_SOURCE_ROLES = {SHOP_SYSTEM: "TRUSTED_APPLICATION", WEB_SHOP: "UNTRUSTED_APPLICATION"}
"""Ids of the sources whose tokens are the development clients of these roles."""

OTHER_WORKSPACES = (SUSPENDED, DISABLED, THROTTLED)

_UNIQUE = {"caseSensitive": False, "properties": ["base.contacts.email"]}

_GIFT_WRAPPED = {
    "type": "boolean",
    "contactlabProperties": {"label": "Gift-wrapped", "enabled": True, "indexed": False, "flowEnabled": False},
}
_MATERIAL = {
    "type": "string",
    "contactlabProperties": {
        "label": "Material",
        "enabled": True,
        "indexed": False,
        "flowEnabled": False,
        "maxLength": 255,
    },
}
_LOYALTY_LEVEL = {
    "type": "string",
    "contactlabProperties": {
        "label": "Loyalty level",
        "enabled": True,
        "indexed": True,
        "flowEnabled": True,
        "maxLength": 255,
    },
}
_VISITS = {
    "type": "integer",
    "contactlabProperties": {
        "label": "Visits",
        "enabled": True,
        "indexed": False,
        "flowEnabled": False,
        "mergePolicy": "MATH_SUM",
    },
}
_SETTINGS: dict[str, Json] = {
    "extended/customers": {"loyaltyLevel": _LOYALTY_LEVEL, "visits": _VISITS},
    "extended/products": {"material": _MATERIAL},
    "extended/events/completedOrder": {"giftWrapped": _GIFT_WRAPPED},
    "productsPolicy": {"eventTypes": ["completedOrder"]},
}


def start(state: VendorState, cast: Cast, options: Mapping[str, Any]) -> Steps[dict[str, str]]:
    """Add the start data to a new state; return its credentials: token, and ids of a workspace and an entry node."""
    token = str(options["token"])
    places = Places(str(options["workspace"]), str(options["node"]))
    if places.workspace == places.node:
        raise Misconfigured(f"contacthub: workspace and node are both {places.node!r}; give each an id of its own")
    today = datetime.combine(state.now().date(), time(), UTC)
    _add_workspaces(state, places)
    _add_sources(state, places)
    _add_users(state, places, token, time_text(today))
    customers = yield from add_start_customers(state, places, cast, today)
    yield from add_start_events(state, places, cast, customers, today)
    add_printed_records(state, places, today)
    set_times(state, str(options["times"]))
    set_missing_in_put(state, str(options["customer_put"]))
    set_pace(state, str(options["bulk_jobs"]))
    set_unknown_keys(state, str(options["unknown_keys"]))
    add_start_jobs(state, places, today)
    return {"token": token, "workspace": places.workspace, "node": places.node} | _role_tokens(state)


def _role_tokens(state: VendorState) -> dict[str, str]:
    """Return the token of the development client of each role, by a name such as ``guest_token``."""
    found = {role: state.collection(TOKENS).first("role", role) for role in ROLES}
    return {f"{role.lower()}_token": row["token"] for role, row in found.items() if row is not None}


def _add_workspaces(state: VendorState, places: Places) -> None:
    """Add the workspaces with their nodes and settings."""
    for workspace_id, name, slug, group, status in (
        (places.workspace, "Understudy", "understudy", 41, "ENABLED"),
        (SUSPENDED, "Second stage", "resting-stage", 42, "SUSPENDED"),
        (DISABLED, "Closed stage", "closed-stage", 43, "DISABLED"),
        (THROTTLED, "Crowded stage", "crowded-stage", 44, "ENABLED"),
    ):
        data = {"id": workspace_id, "name": name, "slug": slug, "groupPk": group, "shard": "shard-1", "status": status}
        state.collection(WORKSPACES).put({"id": workspace_id, "industry": "ECOMMERCE", "data": data})
        mark_done_today(state, workspace_id)
    for name, setting in _SETTINGS.items():
        write_setting(state, places.workspace, name, setting)
    _add_entry_node(state, places.workspace, places.node, "Shop", "Customers of the web shop.")
    _add_entry_node(state, places.workspace, OTHER_ENTRY_NODE, "Stores", "Customers of the stores.")
    _add_entry_node(state, SUSPENDED, example_id(121), "Shop", None)
    _add_entry_node(state, DISABLED, example_id(131), "Shop", None)
    _add_entry_node(state, THROTTLED, example_id(141), "Shop", None)
    use_up_rate(state, THROTTLED)
    _add_aggregate_node(state, places, EVERYONE, "Everyone", "Customers of all shops.", "ACTIVE")
    _add_aggregate_node(state, places, RESERVE, "Reserve", None, "NEW")


def _add_entry_node(state: VendorState, workspace_id: str, node_id: str, name: str, description: str | None) -> None:
    data = {
        "id": node_id,
        "name": name,
        "description": description,
        "imageUrl": None,
        "uniqueCustomer": _UNIQUE,
        "sourcePriority": [] if workspace_id in OTHER_WORKSPACES else [SHOP_SYSTEM],
        "mandatoryProperties": [],
    }
    put_node(state, workspace_id, ENTRY, data)


def _add_aggregate_node(
    state: VendorState, places: Places, node_id: str, name: str, description: str | None, node_state: str
) -> None:
    data = {
        "id": node_id,
        "name": name,
        "description": description,
        "imageUrl": None,
        "state": node_state,
        "entryNodes": [places.node, OTHER_ENTRY_NODE],
        "matchingProperties": _UNIQUE,
        "exclusionFilters": [],
    }
    put_node(state, places.workspace, AGGREGATE, data)


def _add_sources(state: VendorState, places: Places) -> None:
    """Add the sources, each with its own token."""
    for number, source in enumerate(_sources(places), start=301):
        source_id = example_id(number)
        source_data = {"description": None, "enabled": True, **source, "id": source_id, "token": example_token(number)}
        store_source(state, places.workspace, source_data, role=_SOURCE_ROLES.get(source_id))


def _sources(places: Places) -> list[Json]:
    database = {"userdbId": USERDB, "groupPk": 41}
    return [
        {
            "provider": "API",
            "properties": {"allowedIPs": None},
            "name": "Shop system",
            "description": "Orders and customers of the shop",
            "nodes": [places.node, OTHER_ENTRY_NODE],
        },
        {
            "provider": "JavaScript",
            "properties": {"allowedURLs": ["https://shop.example.com/"]},
            "name": "Web shop",
            "description": "Scripts of the web shop",
            "nodes": [places.node],
        },
        {
            "provider": "CONTACTSEND",
            "properties": {
                **database,
                "mappedColumns": [{"hub": "base.contacts.email", "send": "EMAIL"}],
                "options": {"syncCustomer": "IN_OUT", "importEvent": True},
                "subscriptions": [{"sendWfc": "welcome", "hub": "newsletter", "send": "NEWSLETTER"}],
            },
            "name": "Newsletter",
            "nodes": [places.node],
        },
        {
            "provider": "CONTACTPLAN",
            "properties": {
                **database,
                "exportProducts": True,
                "exportStores": False,
                "eventPropertiesColumnMapping": [
                    {"model": "ORDER", "mapping": [{"hub": "giftWrapped", "plan": "custom1"}]}
                ],
                "productsPropertiesColumnMapping": [
                    {"model": "ORDER", "mapping": [{"hub": "material", "plan": "custom2"}]}
                ],
                "classifications": ["category"],
            },
            "name": "Plans",
            "nodes": [places.node],
        },
        {
            "provider": "API",
            "properties": {"allowedIPs": ["192.0.2.10"]},
            "name": "Old shop system",
            "description": "Switched off",
            "nodes": [places.node, OTHER_ENTRY_NODE],
            "enabled": False,
        },
    ]


def _add_users(state: VendorState, places: Places, token: str, since: str) -> None:
    """Add the users, the development client with every role, and one client for each role that no source has."""
    for number, name, node_id, permission in (
        (FIRST_USER, "Ada", places.node, "RW"),
        (SECOND_USER, "Bruno", OTHER_ENTRY_NODE, "R"),
    ):
        data = {"id": number, "name": name, "registeredAt": since, "updatedAt": since}
        row: Json = {"id": str(number), "workspaceId": places.workspace, "surname": "Example", "username": name.lower()}
        row |= {"email": f"user-{number}@example.com", "lang": "en"}
        state.collection(USERS).put(row | {"data": data | {"nodes": [{"id": node_id, "permission": permission}]}})
    tokens = state.collection(TOKENS)
    tokens.put(token_row(token, "development", ROLES, role="DEVELOPMENT", userId=FIRST_USER))
    for number, role in enumerate(ROLES, start=901):
        if role in _SOURCE_ROLES.values():
            continue
        workspace_id = None if role == OPERATOR else places.workspace
        user = {"userId": FIRST_USER if role in {OPERATOR, "ADMIN", "USER"} else SECOND_USER}
        tokens.put(token_row(example_token(number), role, (role,), role=role, workspaceId=workspace_id, **user))
