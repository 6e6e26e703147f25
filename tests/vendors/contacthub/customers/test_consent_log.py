"""Consent log: its entries, and the operations that read it."""

from typing import Any

import pytest

from tests.vendors.contacthub.steps import finish
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.customers.consent_log import FORCED_DELETE, entries_of, log_consents, log_operation
from understudy.vendors.contacthub.operations.consent_logs import get_consent_log, list_consent_logs
from understudy.vendors.contacthub.tables import CONSENT_LOGS

Json = dict[str, Any]

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
WORKSPACE, NODE, OTHER_NODE, CUSTOMER, OTHER_CUSTOMER, SOURCE = (
    f"{ID}{last}" for last in "0001 0101 0102 5000 6001 0301".split()
)
ANYONE = Caller("tester")


def change(state: VendorState, before: Json | None, after: Json, **claims: Any) -> list[Json]:
    """Change a customer's consents; return the new entries of the log."""
    start = len(state.collection(CONSENT_LOGS))
    log_consents(state, WORKSPACE, NODE, CUSTOMER, before, after, Caller("tester", claims=claims))
    return [entry for row in [*state.collection(CONSENT_LOGS)][start:] for entry in entries_of(row)]


def ask(state: VendorState, **filters: Any) -> list[Json]:
    names = "customer_id unique_key start_date end_date type property sort nodes".split()
    asked = {**dict.fromkeys(names), "size": 50, "page": 0, **filters}
    reply = finish(list_consent_logs(state, WORKSPACE, **asked, caller=ANYONE))
    elements: list[Json] = reply.body["elements"]
    return elements


@pytest.fixture
def bare(state: VendorState) -> VendorState:
    """A state with an empty consent log."""
    state.collection(CONSENT_LOGS).clear()
    return state


@pytest.mark.parametrize(
    ("consents", "kind", "path", "value"),
    [
        ({"disclaimer": {"version": "2.0"}}, "DISCLAIMER_READ", "disclaimer.version", "2.0"),
        (
            {"marketing": {"automatic": {"sms": {"status": True}}}},
            "CONSENT_CHANGED",
            "marketing.automatic.sms.status",
            "true",
        ),
        ({"profiling": {"online": {"status": False}}}, "CONSENT_CHANGED", "profiling.online.status", "false"),
        ({"softSpam": {"email": {"limitation": True}}}, "CONSENT_RESTRICTED", "softSpam.email.limitation", "true"),
        (
            {"thirdPartyTransfer": {"marketing": {"objection": True}}},
            "CONSENT_OBJECTED",
            "thirdPartyTransfer.marketing.objection",
            "true",
        ),
    ],
)
def test_a_changed_consent_is_logged(state: VendorState, consents: Json, kind: str, path: str, value: str) -> None:
    [entry] = change(state, None, consents)

    assert (entry["type"], entry["property"], entry["value"]) == (kind, f"consents.{path}", value)
    assert entry["customerId"] == CUSTOMER


def test_only_what_differs_is_logged(state: VendorState) -> None:
    before = {"profiling": {"classic": {"status": True, "objection": None}, "online": {"status": True}}}
    after = {"profiling": {"classic": {"status": True}, "online": {"status": False}}, "softSpam": None}

    assert [entry["property"] for entry in change(state, before, after)] == ["consents.profiling.online.status"]


def test_a_consent_that_is_unset_is_logged_without_a_value(state: VendorState) -> None:
    [entry] = change(state, {"profiling": {"classic": {"status": True}}}, {})

    assert entry["value"] is None


def test_the_log_has_the_source_and_the_user_of_a_change(state: VendorState) -> None:
    [entry] = change(state, None, {"disclaimer": {"version": "2.0"}}, sourceId=SOURCE, userId=None)
    [other] = change(state, None, {"disclaimer": {"version": "2.0"}}, sourceId=None, userId=401)

    assert (entry["sourceId"], entry["userId"]) == (SOURCE, None)
    assert (other["sourceId"], other["userId"]) == (None, 401)


def test_an_operation_on_a_customer_as_a_whole_is_logged(bare: VendorState) -> None:
    log_operation(bare, WORKSPACE, NODE, CUSTOMER, FORCED_DELETE, ANYONE)

    [entry] = ask(bare)
    assert (entry["type"], entry["property"], entry["value"]) == (FORCED_DELETE, None, None)


def test_an_entry_is_read_by_its_id(state: VendorState) -> None:
    [entry] = change(state, None, {"disclaimer": {"version": "2.0"}})

    assert get_consent_log(state, WORKSPACE, str(entry["id"]), ANYONE).body == entry


def test_each_consent_of_one_write_has_an_entry_and_a_number_of_its_own(bare: VendorState) -> None:
    change(bare, None, {"profiling": {"classic": {"status": True}, "online": {"status": False, "objection": True}}})

    entries = ask(bare, sort=["id"])
    first = entries[0]["id"]
    assert [
        (entry["id"], entry["property"].removeprefix("consents.profiling."), entry["value"]) for entry in entries
    ] == [
        (first, "classic.status", "true"),
        (first + 1, "online.objection", "true"),
        (first + 2, "online.status", "false"),
    ]
    assert [get_consent_log(bare, WORKSPACE, str(entry["id"]), ANYONE).body for entry in entries] == entries


def test_the_next_write_goes_on_after_all_entries_of_the_last(bare: VendorState) -> None:
    change(bare, None, {"profiling": {"classic": {"status": True}, "online": {"status": True}}})
    change(bare, None, {"disclaimer": {"version": "2.0"}})

    first = ask(bare, sort=["id"])[0]["id"]
    assert [entry["id"] for entry in ask(bare, sort=["id"])] == [first, first + 1, first + 2]


def test_the_numbers_of_what_new_customers_give_are_their_own(bare: VendorState) -> None:
    every = dict.fromkeys(("status", "limitation", "objection"), True)
    given = {"automatic": dict.fromkeys(("sms", "email", "push", "im", "telephonic"), every)}
    written = [entry for _ in range(3) for entry in change(bare, None, {"marketing": given})]

    assert len({entry["id"] for entry in written}) == len(written) == 45
    assert ask(bare, sort=["id"], property="consents.marketing.automatic.im.status") == [
        entry for entry in written if entry["property"] == "consents.marketing.automatic.im.status"
    ]
    assert [get_consent_log(bare, WORKSPACE, str(entry["id"]), ANYONE).body for entry in written] == written


def test_a_new_customer_that_consents_to_nothing_is_not_in_the_log(bare: VendorState) -> None:
    assert change(bare, None, {"marketing": {"traditional": None}, "profiling": None}) == []
    assert len(bare.collection(CONSENT_LOGS)) == 0


@pytest.mark.parametrize("entry_id", ["65535", "no-number", "040960"])
def test_an_unknown_entry_is_not_found(state: VendorState, entry_id: str) -> None:
    with pytest.raises(Refused) as caught:
        get_consent_log(state, WORKSPACE, entry_id, ANYONE)
    assert (caught.value.status, caught.value.message) == (404, f"consent log not found {entry_id}")


@pytest.fixture
def log(bare: VendorState) -> VendorState:
    """A state whose log has four entries, a day between them, the last two of another node's customer."""
    rows = (
        (NODE, CUSTOMER, "2026-01-01", "DISCLAIMER_READ", "consents.disclaimer.version"),
        (NODE, CUSTOMER, "2026-01-02", "CONSENT_CHANGED", "consents.profiling.online.status"),
        (OTHER_NODE, OTHER_CUSTOMER, "2026-01-03", "CONSENT_CHANGED", "consents.softSpam.email.status"),
        (OTHER_NODE, OTHER_CUSTOMER, "2026-01-04", "DATA_PORTABILITY_REQUESTED", None),
    )
    for number, (node_id, customer_id, day, kind, path) in enumerate(rows, start=1):
        entry = {
            "id": number,
            "customerId": customer_id,
            "date": f"{day}T12:00:00.000+0000",
            "type": kind,
            "property": path,
        }
        row = {"id": str(number), "workspaceId": WORKSPACE, "nodeId": node_id, "data": entry}
        bare.collection(CONSENT_LOGS).put(row)
    return bare


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [4, 3, 2, 1]),
        ({"customer_id": CUSTOMER}, [2, 1]),
        ({"customer_id": "nobody"}, []),
        ({"unique_key": '{"base": {"contacts": {"email": "CUSTOMER-5000@example.com"}}}'}, [2, 1]),
        ({"unique_key": '{"base": {"contacts": {"email": "nobody@example.com"}}}'}, []),
        ({"unique_key": "{}"}, []),
        ({"start_date": "2026-01-02"}, [4, 3, 2]),
        ({"end_date": "2026-01-02"}, [2, 1]),
        ({"start_date": "2026-01-02", "end_date": "2026-01-03"}, [3, 2]),
        ({"type": "CONSENT_CHANGED"}, [3, 2]),
        ({"property": "consents.softSpam.email.status"}, [3]),
        ({"nodes": [NODE]}, [2, 1]),
        ({"nodes": [NODE, OTHER_NODE]}, [4, 3, 2, 1]),
        ({"nodes": ["no-node"]}, []),
        ({"sort": ["date"]}, [1, 2, 3, 4]),
        ({"sort": ["type,ASC", "date,desc"]}, [3, 2, 4, 1]),
        ({"sort": ["property,desc"]}, [3, 2, 1, 4]),
        ({"size": 2, "page": 1}, [2, 1]),
        ({"size": 2, "page": 2}, []),
    ],
)
def test_the_log_is_filtered_sorted_and_paged(log: VendorState, filters: Json, numbers: list[int]) -> None:
    assert [entry["id"] for entry in ask(log, **filters)] == numbers


@pytest.mark.parametrize("text", ["[]", '"text"', "{", "NaN"])
def test_a_unique_key_is_a_json_object(state: VendorState, text: str) -> None:
    with pytest.raises(Refused) as caught:
        ask(state, unique_key=text)
    assert (caught.value.status, caught.value.violations[0].name) == (400, "uniqueKey")


def test_the_log_of_an_unknown_workspace_is_refused(state: VendorState) -> None:
    with pytest.raises(Refused) as caught:
        get_consent_log(state, "nowhere", "1", ANYONE)
    assert (caught.value.status, caught.value.message) == (403, "workspace not found: nowhere")
