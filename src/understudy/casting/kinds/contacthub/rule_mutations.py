"""Business rules of Contacthub, each with a mutation that breaks it and that the schema alone would accept."""

from collections.abc import Callable
from typing import Any

from understudy.casting.breakable_rule import Rule, if_present, with_values
from understudy.casting.kind import Record
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, EVERYONE, FIRST_CUSTOMER, SESSION, example_id

UNKNOWN = example_id(9999)
TOO_LARGE = "x" * 70_000


def _with_external_id(node_id: str) -> Callable[[Record], Record]:
    """Return a mutation that names the owner of an event by an external id of a node."""

    def mutate(record: Record) -> Record:
        record.pop("customerId", None)
        return record | {"bringBackProperties": {"type": "EXTERNAL_ID", "value": "unknown", "nodeId": node_id}}

    return mutate


def _both(record: Record) -> Record:
    return _with_external_id(ENTRY_NODE)({}) | {"customerId": UNKNOWN} | record


def _with_properties(**properties: Any) -> Callable[[Record], Record]:
    return lambda record: {**record, "properties": {**record["properties"], **properties}}


OWNER = "There is one of customerId and bringBackProperties, and not both."
CONTENT = "`properties` keep the schema of the event's type, `contextInfo` that of its context."
EVENT_RULES = (
    Rule(OWNER, "/bringBackProperties", _both),
    Rule(
        OWNER,
        "/customerId",
        lambda record: {
            name: value for name, value in record.items() if name not in {"customerId", "bringBackProperties"}
        },
    ),
    Rule("The customer exists.", "/customerId", if_present("customerId", with_values(customerId=UNKNOWN))),
    Rule("The node of bringBackProperties exists.", "/bringBackProperties/nodeId", _with_external_id(UNKNOWN)),
    Rule(
        "The node of bringBackProperties is an entry node.", "/bringBackProperties/nodeId", _with_external_id(EVERYONE)
    ),
    Rule(CONTENT, "/properties/unexpected", _with_properties(unexpected=True)),
    Rule(CONTENT, "/contextInfo/unexpected", with_values(contextInfo={"unexpected": True})),
    Rule("Dates are in the calendar.", "/date", with_values(date="2026-02-30T12:00:00.000+0000")),
    Rule(
        "The event is at most 64 kB, or what the workspace has configured for its type.",
        "",
        _with_properties(extraProperties={"note": TOO_LARGE}),
    ),
)
SESSION_RULES = (
    Rule(
        "No session of the node has the value yet.",
        "/value",
        with_values(value=SESSION, customerId=example_id(FIRST_CUSTOMER)),
    ),
    Rule("The customer exists.", "/customerId", with_values(customerId=UNKNOWN)),
)
PROPERTIES = (
    "`base` and `consents` keep their property schemas, `extended` that of the workspace; no property is disabled."
)
CUSTOMER_RULES = (
    Rule("The node exists.", "/nodeId", with_values(nodeId=UNKNOWN)),
    Rule("The node is an entry node.", "/nodeId", with_values(nodeId=EVERYONE)),
    Rule("The node's unique and mandatory properties are there.", "/base/contacts/email", with_values(base={})),
    Rule(PROPERTIES, "/extended/visits", with_values(extended={"visits": "many"})),
    Rule(
        "Texts are at most 255 long, the street 500, the picture's address 1000, each list of tags 1000 in sum.",
        "/tags/manual",
        with_values(tags={"manual": [letter * 250 for letter in "abcde"]}),
    ),
)
CONSENT_RULES = (Rule("The customer exists.", "/externalId", with_values(externalId=UNKNOWN)),)
