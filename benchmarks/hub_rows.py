"""The same customers and events, in large numbers, in a world of Contacthub and in DuckDB."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.contacthub.customers import customer_id
from understudy.core.timestamps import iso_milliseconds
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.counts.running_counts import count_customer, count_event
from understudy.vendors.contacthub.customers.full_document import expand
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, OTHER_ENTRY_NODE, WORKSPACE
from understudy.vendors.contacthub.tables import AMOUNTS, CUSTOMERS, EVENTS, TALLIES

Json = dict[str, Any]

NOW = datetime(2030, 1, 31, 12, 34, 56, tzinfo=UTC)
CUSTOMERS_HELD, EVENTS_HELD = 100_000, 1_000_000
BATCH = 10_000
NODES = (ENTRY_NODE, OTHER_ENTRY_NODE)
CHANGED, ORDERED = 0.05, 0.1
"""Share of records that were changed after they were added, and of events that are orders."""
CONTEXTS = ("WEB", "MOBILE", "ECOMMERCE", "RETAIL")
TYPES = ("viewedPage", "viewedProduct", "searched", "addedProduct", "abandonedCart")
ZONE = "Europe/Rome"
COSTS = "costs.json"
"""File beside the rows, with the times that storing them took and the id of one customer."""


@dataclass(slots=True)
class Rows:
    """Files that DuckDB reads, and for each batch of events the microseconds to store and to count one."""

    customers: Path
    events: Path
    put: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)

    @classmethod
    def within(cls, folder: Path) -> "Rows":
        """Return the files in a folder."""
        return cls(folder / "customers.csv", folder / "events.csv")


def clear(world: VendorState) -> None:
    """Remove all customers and events, and turn retention off, so that no event is too old."""
    for name in (CUSTOMERS, EVENTS, TALLIES, AMOUNTS):
        world.collection(name).clear()
    for node_id in NODES:
        write_setting(world, node_id, "retentionState", {"enabled": False})


def fill(world: VendorState, now: datetime, rows: Rows) -> str:
    """Write the records into the world and the files, the oldest first; return the id of one customer."""
    chance = Random(4)  # noqa: S311 - the same rows every time
    customers = [_customer(chance, now, number) for number in range(CUSTOMERS_HELD)]
    owners = [(customer["id"], customer["nodeId"]) for customer in customers]
    with rows.customers.open("w", encoding="utf-8") as file:
        for customer in sorted(customers, key=itemgetter("updatedAt")):
            world.collection(CUSTOMERS).put(customer)
            count_customer(world, None, customer)
            contacts = customer["base"]["contacts"]
            flags = f"{bool(contacts['email'])},{bool(contacts['mobilePhone'])}"
            times = f"{customer['registeredAt']},{customer['updatedAt']},{customer['version']}"
            file.write(f"{customer['id']},{customer['nodeId']},{flags},{times}\n")
    del customers
    events = world.collection(EVENTS)
    with rows.events.open("w", encoding="utf-8") as file:
        for first in range(0, EVENTS_HELD, BATCH):
            batch = [
                _event(chance, now, number, owners[number % CUSTOMERS_HELD]) for number in range(first, first + BATCH)
            ]
            started = time.process_time()
            for row in batch:
                events.put(row)
            written = time.process_time()
            for row in batch:
                count_event(world, None, row)
            rows.counted.append((time.process_time() - written) / BATCH * 1e6)
            rows.put.append((written - started) / BATCH * 1e6)
            file.writelines(map(_line, batch))
    return str(owners[0][0])


def _customer(chance: Random, now: datetime, number: int) -> Json:
    added = now - timedelta(seconds=chance.randrange(9 * 365 * 86_400), milliseconds=chance.randrange(1000))
    is_changed = chance.random() < CHANGED
    contacts = {
        "email": f"customer-{number}@example.com" if chance.random() < 0.9 else None,
        "mobilePhone": "+390000000001" if chance.random() < 0.5 else None,
    }
    customer = {
        "id": customer_id(number),
        "intId": number,
        "nodeId": NODES[number % 2],
        "base": {"firstName": "Example", "contacts": contacts},
        "registeredAt": iso_milliseconds(added),
        "updatedAt": iso_milliseconds(now - timedelta(seconds=chance.randrange(31_536_000)) if is_changed else added),
        "version": int(is_changed),
        "deleted": 0,
        "sourceInfo": {"registeredBy": None, "updatedBy": None},
    }
    return expand(customer)


def _event(chance: Random, now: datetime, number: int, owner: tuple[str, str]) -> Json:
    at = now - timedelta(days=365 * (1 - number / EVENTS_HELD), milliseconds=chance.randrange(1000))
    is_changed, is_order = chance.random() < CHANGED, chance.random() < ORDERED
    properties: Json = {"title": "Home", "url": "https://shop.example.com/"}
    if is_order:
        total = chance.randrange(100, 50_000)
        amount = {"total": total / 100, "revenue": total // 2 / 100}
        properties = {"orderId": f"order-{number}", "type": chance.choice(["sale", "sale", "return"]), "amount": amount}
    written = iso_milliseconds(at + timedelta(milliseconds=250))
    event = {
        "id": f"00000000-0000-4000-9000-{number:012}",
        "customerId": owner[0],
        "bringBackProperties": None,
        "type": "completedOrder" if is_order else chance.choice(TYPES),
        "context": chance.choice(CONTEXTS),
        "properties": properties,
        "contextInfo": {"client": {"userAgent": "Understudy/1.0", "ip": "192.0.2.17"}},
        "date": iso_milliseconds(at),
        "origin": "NATIVE",
        "tracking": None,
        "registeredAt": written,
        "updatedAt": iso_milliseconds(now - timedelta(seconds=chance.randrange(31_536_000))) if is_changed else written,
        "version": int(is_changed),
    }
    return {"id": event["id"], "workspaceId": WORKSPACE, "nodeId": owner[1], "data": event}


def _line(row: Json) -> str:
    event = row["data"]
    amount = event["properties"].get("amount", {})
    sign = -1 if event["properties"].get("type") == "return" else 1
    fields = [row["id"], row["nodeId"], *(event[name] for name in ("customerId", "type", "context", "date"))]
    fields += [event["registeredAt"], event["updatedAt"], event["version"], event["properties"].get("type", "")]
    fields += [sign * amount[name] if name in amount else "" for name in ("total", "revenue")]
    return ",".join(map(str, fields)) + "\n"


def load(rows: Rows) -> Any:
    """Return a connection to DuckDB, in memory, that holds the rows."""
    database = import_module("duckdb").connect()
    database.execute(f"SET TimeZone = '{ZONE}'")
    database.execute(
        "CREATE TABLE customers (id VARCHAR, node VARCHAR, email BOOLEAN, mobile BOOLEAN, added TIMESTAMPTZ,"
        " changed TIMESTAMPTZ, version INTEGER)"
    )
    database.execute(
        "CREATE TABLE events (id VARCHAR, node VARCHAR, customer VARCHAR, type VARCHAR, context VARCHAR,"
        " date TIMESTAMPTZ, added TIMESTAMPTZ, changed TIMESTAMPTZ, version INTEGER, kind VARCHAR, total DOUBLE,"
        " revenue DOUBLE)"
    )
    for name, path in (("customers", rows.customers), ("events", rows.events)):
        database.execute(f"COPY {name} FROM '{path}' (HEADER false)")
    return database
