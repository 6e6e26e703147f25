"""Random writes of customers, sub-resources, sessions and events, compared with a plain model of them."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.vendors.contacthub.calls import CLIENT, NODE, WORKSPACE, value_of
from tests.vendors.contacthub.customer_model import Denied, Model, answered, nested
from tests.vendors.contacthub.steps import finish
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.operations.customers import (
    create_customer,
    delete_customer,
    get_customer,
    patch_customer,
    update_customer,
)
from understudy.vendors.contacthub.operations.events import create_event
from understudy.vendors.contacthub.operations.jobs import create_job, delete_job, update_job
from understudy.vendors.contacthub.operations.sessions import create_session, delete_session
from understudy.vendors.contacthub.operations.subscriptions import (
    create_subscription,
    delete_subscription,
    update_subscription,
)
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, NODES, SESSIONS, UPDATES
from understudy.vendors.contacthub.update_stream import last_offset

Json = dict[str, Any]

OWN_NODE = f"{NODE[:-4]}0199"
SUB_RESOURCES: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "jobs": (create_job, update_job, delete_job),
    "subscriptions": (create_subscription, update_subscription, delete_subscription),
}


class Walk:
    """Random operations, each done by the implementation and by the model."""

    def __init__(self, state: VendorState, seed: int) -> None:
        nodes = state.collection(NODES)
        like = nodes.get(NODE)
        assert like is not None
        nodes.put({**like, "id": OWN_NODE, "data": {**like["data"], "id": OWN_NODE}})
        self.state, self.model, self.chance = state, Model(), Random(seed)
        self.first_update = last_offset(state)
        self.denials = 0

    def step(self) -> None:
        actions = [self.create] * 4
        if self.model.customers:
            actions += (
                [self.patch] * 5 + [self.put] * 3 + [self.sub_resource] * 5 + [self.session] * 3 + [self.event] * 3
            )
            actions += [self.remove]
        self.chance.choice(actions)()

    def someone(self) -> str:
        return self.chance.choice(list(self.model.customers))

    def refused(self, status: int, call: Callable[..., Any], *args: Any) -> None:
        self.denials += 1
        with pytest.raises(Refused) as caught:
            call(self.state, WORKSPACE, *args)
        assert caught.value.status == status

    def check(self, key: str) -> None:
        customer = value_of(get_customer(self.state, WORKSPACE, key, CLIENT))
        assert answered(customer) == nested(self.model.customers[key])
        assert customer["version"] == self.model.versions[key]

    def keep(self, key: str, flat: Any) -> None:
        self.model.customers[key] = flat
        self.model.versions[key] = self.model.versions.get(key, -1) + 1
        self.check(key)

    # Steps

    def create(self) -> None:
        body, session = {"nodeId": OWN_NODE, **self.body()}, self.visit()
        try:
            key, flat = self.model.create(body)
            if session and self.model.owner(session) not in (None, key):
                raise Denied(400)  # noqa: TRY301 - the model's part of the step
        except Denied as denied:
            self.refused(denied.status, create_customer, body, CLIENT, session)
            return
        made = create_customer(self.state, WORKSPACE, body, CLIENT, session).body
        assert key in (None, made["id"])
        self.keep(made["id"], flat)
        self.tie(session, made["id"])

    def patch(self) -> None:
        self.write(self.model.patch, patch_customer, self.body())

    def put(self) -> None:
        self.write(self.model.put, update_customer, {"nodeId": OWN_NODE, **self.body()})

    def write(self, expected: Callable[..., Any], operation: Callable[..., Any], body: Json) -> None:
        key, session = self.someone(), self.visit()
        mode = self.chance.choice([None, None, "STRICT"])
        try:
            flat = expected(key, body, strict=mode == "STRICT")
            if session and self.model.owner(session) not in (None, key):
                raise Denied(400)  # noqa: TRY301 - the model's part of the step
        except Denied as denied:
            self.refused(denied.status, operation, key, body, CLIENT, session, mode)
            return
        operation(self.state, WORKSPACE, key, body, CLIENT, session, mode)
        self.keep(key, flat)
        self.tie(session, key)

    def remove(self) -> None:
        key = self.someone()
        finish(delete_customer(self.state, WORKSPACE, key, CLIENT))
        self.model.remove(key)
        self.refused(404, get_customer, key, CLIENT)

    def sub_resource(self) -> None:
        key, listed = self.someone(), self.chance.choice(list(SUB_RESOURCES))
        create, update, delete = SUB_RESOURCES[listed]
        flat = dict(self.model.customers[key])
        old = flat.get(("base", listed), [])
        body = self.job() if listed == "jobs" else {"subscribed": True, **self.subscription()}
        place = next((number for number, element in enumerate(old) if element["id"] == body["id"]), None)
        verb = self.chance.choice(["create", "update", "delete"])
        if (verb == "create") == (place is not None):
            args = {"create": (key, body), "update": (key, body["id"], body), "delete": (key, body["id"])}[verb]
            operation = {"create": create, "update": update, "delete": delete}[verb]
            self.refused(400 if verb == "create" else 404, operation, *args, CLIENT)
            return
        if place is None:
            create(self.state, WORKSPACE, key, body, CLIENT)
            flat["base", listed] = [*old, body]
        elif verb == "update":
            update(self.state, WORKSPACE, key, body["id"], body, CLIENT)
            flat["base", listed] = [*old[:place], body, *old[place + 1 :]]
        else:
            delete(self.state, WORKSPACE, key, body["id"], CLIENT)
            flat["base", listed] = [*old[:place], *old[place + 1 :]]
        self.keep(key, flat)

    def session(self) -> None:
        key, value = self.someone(), f"visit-{self.chance.randrange(8)}"
        if self.model.sessions and self.chance.random() < 0.3:
            session_id = self.chance.choice(list(self.model.sessions))
            delete_session(self.state, WORKSPACE, self.model.sessions.pop(session_id)[1], session_id, CLIENT)
        elif self.model.owner(value) is not None:
            self.refused(400, create_session, key, {"value": value}, CLIENT)
        else:
            create_session(self.state, WORKSPACE, key, {"value": value}, CLIENT)
            self.tie(value, key)

    def tie(self, value: str | None, key: str) -> None:
        if value is None or self.model.owner(value) is not None:
            return
        session = self.state.collection(SESSIONS).first("value", (OWN_NODE, value))
        assert session is not None
        self.model.sessions[session["id"]] = (value, key)
        self.model.reconcile(value, key)

    def event(self) -> None:
        body: Json = {"type": "viewedPage", "context": "WEB", "properties": {"title": "Home"}}
        value = f"visit-{self.chance.randrange(8)}"
        if self.chance.random() < 0.5:
            owner: tuple[str, str] = ("customer", self.someone())
            body["customerId"] = owner[1]
        else:
            known = self.model.owner(value)
            owner = ("session", value) if known is None else ("customer", known)
            body["bringBackProperties"] = {"type": "SESSION_ID", "value": value, "nodeId": OWN_NODE}
        made = create_event(self.state, WORKSPACE, body, CLIENT).body
        self.model.events[made["id"]] = owner

    # What is sent

    def body(self) -> Json:
        chance = self.chance
        offered: Json = {
            "externalId": chance.choice([None, "card-1", "card-2"]),
            "extra": chance.choice([None, "a note"]),
            "enabled": chance.choice([True, False]),
            "consents": chance.choice([None, {"profiling": None}, {"profiling": {"classic": {"status": True}}}]),
            "extended": chance.choice([None, {"visits": 7}, {"visits": None, "loyaltyLevel": "gold"}]),
            "tags": chance.choice([None, {"manual": self.tags()}, {"auto": self.tags(), "manual": None}]),
        }
        body = {name: value for name, value in offered.items() if chance.random() < 0.3}
        if chance.random() < 0.97:
            body["base"] = self.base()
        return body

    def base(self) -> Json:
        chance = self.chance
        offered: Json = {
            "firstName": chance.choice([None, "Ada", "Bo"]),
            "address": chance.choice([None, {"city": "Milano"}, {"city": None, "zip": "20100"}]),
            "jobs": chance.choice([None, [], [self.job(), self.job()]]),
            "subscriptions": chance.choice([None, [], [self.subscription(), self.subscription()]]),
        }
        base = {name: value for name, value in offered.items() if chance.random() < 0.3}
        if chance.random() < 0.85:
            base["contacts"] = self.contacts()
        return base

    def contacts(self) -> Json:
        chance = self.chance
        email = f"{chance.choice(['c', 'C'])}ustomer-{chance.randrange(12)}@example.com"
        contacts: Json = {"email": email if chance.random() < 0.95 else None}
        if chance.random() < 0.3:
            contacts["otherContacts"] = [{"name": "home", "value": str(chance.randrange(3))} for _ in range(3)]
        return contacts

    def job(self) -> Json:
        given = {"id": f"job-{self.chance.randrange(4)}"}
        return given | ({"jobTitle": self.chance.choice(["Head", "Hand"])} if self.chance.random() < 0.5 else {})

    def subscription(self) -> Json:
        given: Json = {"id": f"news-{self.chance.randrange(4)}"}
        return given | ({"name": self.chance.choice(["Daily", "Weekly"])} if self.chance.random() < 0.5 else {})

    def tags(self) -> list[str]:
        return [self.chance.choice("abc") for _ in range(3)]

    def visit(self) -> str | None:
        return f"visit-{self.chance.randrange(8)}" if self.chance.random() < 0.2 else None

    # What must hold at the end

    def check_all(self) -> None:
        held = {row["id"] for row in self.state.collection(CUSTOMERS) if row["nodeId"] == OWN_NODE}
        assert held == self.model.customers.keys()
        for key in held:
            self.check(key)
        sessions = [row for row in self.state.collection(SESSIONS) if row["nodeId"] == OWN_NODE]
        assert {row["id"]: (row["value"], row["customerId"]) for row in sessions} == self.model.sessions
        assert self.owners() == {
            name: key if kind == "customer" else None for name, (kind, key) in self.model.events.items()
        }
        assert self.replayed() == {row["id"]: row for row in self.state.collection(CUSTOMERS) if row["id"] in held}

    def owners(self) -> dict[str, str | None]:
        rows = [row for row in self.state.collection(EVENTS) if row["nodeId"] == OWN_NODE]
        return {row["id"]: row["data"]["customerId"] for row in rows}

    def replayed(self) -> dict[str, Json]:
        """Return the customers as a reader of the update stream has them."""
        followed: dict[str, Json] = {}
        for offset in range(self.first_update + 1, last_offset(self.state) + 1):
            update = self.state.collection(UPDATES).get(str(offset))
            if update is None or update["kind"] != "CUSTOMER":
                continue
            if update["operation"] == "DELETE":
                del followed[update["data"]["id"]]
            else:
                assert (update["operation"] == "CREATE") == (update["data"]["id"] not in followed)
                followed[update["data"]["id"]] = update["data"]
        return followed


def walk(state: VendorState, seed: int, steps: int) -> Walk:
    taken = Walk(state, seed)
    for _ in range(steps):
        taken.step()
    taken.check_all()
    return taken


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_walk_ends_where_the_model_ends(state: VendorState, seed: int) -> None:
    taken = walk(state, seed, 300)
    assert 10 < taken.denials < 200


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(10, 20))
def test_a_long_random_walk_ends_where_the_model_ends(state: VendorState, seed: int) -> None:
    walk(state, seed, 2_000)
