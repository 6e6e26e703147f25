"""Effect of a bulk job for each record of its file."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vendors.contacthub.bulk_calls import load, look, submit
from tests.vendors.contacthub.calls import CUSTOMER, ELSEWHERE, ID, NODE, SECOND, SESSION, WORKSPACE, configure, read
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import write_setting
from understudy.vendors.contacthub.tables import CUSTOMERS, EVENTS, UPDATES

Json = dict[str, Any]
EVENT = f"{ID}7000"  # a page that was viewed
AWAITED = '""type"": ""EXTERNAL_ID"", ""value"": ""x""'


def only(found: list[Json]) -> Json:
    [line] = found
    return line


def made(state: VendorState, file: str | bytes, **form: str) -> Json:
    """Return the customer that a file of one record creates or changes."""
    line = only(load(state, file, **form))
    assert line["result"] == "OK", line
    return read(state, line["id"])


def event(state: VendorState, file: str, **form: str) -> Json:
    line = only(load(state, file, **{"entity": "EVENT", "eventType": "viewedPage", "operation": "INSERT", **form}))
    assert line["result"] == "OK", line
    row = state.collection(EVENTS).get(line["id"])
    assert row
    return dict(row["data"])


def refused(state: VendorState, file: str, **form: str) -> str:
    line = only(load(state, file, **form))
    assert (line["id"], line["result"]) == ("", "FAILED")
    return str(line["message"])


def refused_event(state: VendorState, file: str, **form: str) -> str:
    return refused(state, file, **{"entity": "EVENT", "eventType": "viewedPage", "operation": "INSERT", **form})


def test_the_pages_own_kind_of_file_makes_a_customer(state: VendorState) -> None:
    found = made(state, "externalId,base.firstName,base.contacts.email\n100,Ada,ada@example.com\n")

    assert (found["externalId"], found["base"]["firstName"]) == ("100", "Ada")
    assert found["base"]["contacts"]["email"] == "ada@example.com"
    assert (found["nodeId"], found["version"]) == (NODE, 0)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "byte-order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_utf_8_with_or_without_a_mark_and_ends_its_lines_as_it_likes(
    state: VendorState, mark: bytes, end: str
) -> None:
    lines = ("externalId,base.firstName,base.contacts.email", "b-1,Żaneta,z@example.com", "")

    assert made(state, mark + end.join(lines).encode())["base"]["firstName"] == "Żaneta"


def test_a_quoted_field_holds_commas_quotes_and_line_ends(state: VendorState) -> None:
    found = made(state, 'base.contacts.email,extra\nq@example.com,"a, ""b""\nc"\n')

    assert found["extra"] == 'a, "b"\nc'


def test_a_cell_of_a_property_that_is_no_text_is_json(state: VendorState) -> None:
    likes = '"[{""id"": ""l"", ""name"": ""tea"", ""category"": ""food"", ""createdTime"": ""2026-01-01T00:00:00Z""}]"'
    found = made(
        state,
        "base.contacts.email,base.address.geo.lat,base.address.geo.lon,enabled,base.likes,tags.manual,extended.visits,"
        "consents.softSpam.email.status,base.firstName\n"
        f'j@example.com,45.5,9,FALSE,{likes},"[""vip""]",3,true,007\n',
    )

    assert found["base"]["address"]["geo"] == {"lat": 45.5, "lon": 9}
    assert (found["enabled"], found["tags"]["manual"], found["extended"]) == (False, ["vip"], {"visits": 3})
    assert found["base"]["likes"][0]["name"] == "tea"
    assert found["consents"]["softSpam"]["email"]["status"] is True
    assert found["base"]["firstName"] == "007"


def test_an_empty_cell_is_not_sent(state: VendorState) -> None:
    before = read(state)

    after = made(state, "externalId,base.firstName,base.lastName\ncustomer-5000,,New\n")

    assert (after["base"]["firstName"], after["base"]["lastName"]) == (before["base"]["firstName"], "New")


def test_a_line_without_anything_is_no_record(state: VendorState) -> None:
    assert len(load(state, "externalId,base.contacts.email\n\nb-1,b@example.com\n\n")) == 1


@pytest.mark.parametrize("line", ["b-1", "b-1,b@example.com,more"])
def test_a_line_has_as_many_values_as_there_are_columns(state: VendorState, line: str) -> None:
    assert "first line 2 columns" in refused(state, f"externalId,base.contacts.email\n{line}\n")


def test_upsert_changes_the_customer_of_an_external_id(state: VendorState) -> None:
    version = read(state)["version"]

    found = made(state, "externalId,base.title\ncustomer-5000,Dr\n")

    assert (found["id"], found["base"]["title"], found["version"]) == (CUSTOMER, "Dr", version + 1)


def test_upsert_changes_the_customer_of_an_id(state: VendorState) -> None:
    found = made(state, f"id,externalId\n{CUSTOMER},renamed\n")

    assert (found["id"], found["externalId"]) == (CUSTOMER, "renamed")


def test_upsert_merges_into_the_customer_that_is_equal(state: VendorState) -> None:
    found = made(state, "base.contacts.email,base.title\nCustomer-5000@example.com,Dr\n")

    assert (found["id"], found["base"]["title"]) == (CUSTOMER, "Dr")


def test_upsert_refuses_to_make_two_customers_equal(state: VendorState) -> None:
    message = refused(state, "externalId,base.contacts.email\ncustomer-5000,customer-5001@example.com\n")

    assert message == f"Conflict with exiting customer {SECOND}"


@pytest.mark.parametrize("customer", [ELSEWHERE, "no-uuid"])
def test_a_customer_of_another_node_is_unknown(state: VendorState, customer: str) -> None:
    for operation in ("UPSERT", "DELETE"):
        assert refused(state, f"id,extra\n{customer},x\n", operation=operation) == f"customer not found {customer}"


def test_insert_makes_customers(state: VendorState) -> None:
    assert made(state, "externalId,base.contacts.email\nb-1,b@example.com\n", operation="INSERT")["version"] == 0


@pytest.mark.parametrize(
    "line", ["customer-5000,other@example.com", "other,customer-5000@example.com"], ids=["external id", "e-mail"]
)
def test_insert_refuses_a_customer_that_is_there(state: VendorState, line: str) -> None:
    message = refused(state, f"externalId,base.contacts.email\n{line}\n", operation="INSERT")

    assert message == f"Conflict with exiting customer {CUSTOMER}"


def test_insert_takes_no_id(state: VendorState) -> None:
    assert "server's" in refused(state, f"id,base.contacts.email\n{CUSTOMER},b@example.com\n", operation="INSERT")


@pytest.mark.parametrize(
    "file",
    [f"id\n{CUSTOMER}", "externalId\ncustomer-5000", "base.contacts.email\ncustomer-5000@example.com"],
    ids=["id", "external id", "e-mail"],
)
def test_delete_removes_the_customer_that_a_record_means(state: VendorState, file: str) -> None:
    line = only(load(state, file, operation="DELETE"))

    assert (line["id"], line["result"]) == (CUSTOMER, "OK")
    assert CUSTOMER not in state.collection(CUSTOMERS)
    assert state.collection(EVENTS).count("data.customerId", CUSTOMER) == 0


def test_delete_of_a_customer_that_is_not_there_fails(state: VendorState) -> None:
    assert refused(state, "externalId\nnobody\n", operation="DELETE") == "customer not found"


def test_a_record_keeps_every_rule_of_a_request(state: VendorState) -> None:
    configure(state, mandatoryProperties=["base.lastName"])

    assert "/base/lastName mandatory customer property is required" in refused(
        state, "base.contacts.email\nb@example.com\n"
    )
    assert "/base/dob" in refused(state, "base.contacts.email,base.lastName,base.dob\nb@example.com,B,yesterday\n")
    assert "/enabled" in refused(state, "base.contacts.email,base.lastName,enabled\nb@example.com,B,perhaps\n")
    assert "/extended/nothing" in refused(
        state, "base.contacts.email,base.lastName,extended.nothing\nb@example.com,B,1\n"
    )


def test_json_that_is_nested_too_deep_is_refused(state: VendorState) -> None:
    cell = "[" * 150 + "]" * 150

    assert "levels deep" in refused(state, f'base.contacts.email,base.likes\nb@example.com,"{cell}"\n')


def test_a_refused_record_does_not_stop_the_others(state: VendorState) -> None:
    job = submit(state, "externalId,base.contacts.email\nb-1,b@example.com\nb-2,no address\nb-3,c@example.com\n")

    found = look(state, job)

    assert found["status"] == "PROCESSED"
    assert (found["processedEntities"], found["failedEntities"], found["totalEntities"]) == (2, 1, 3)


def test_every_record_of_a_job_is_in_the_update_stream(state: VendorState) -> None:
    before = len(state.collection(UPDATES))

    load(state, "base.contacts.email\na@example.com\nb@example.com\n")

    assert len(state.collection(UPDATES)) == before + 2


def test_insert_makes_events(state: VendorState) -> None:
    found = event(
        state,
        "customerId,context,date,properties.url,properties.pageTags,contextInfo.client.ip,tracking.ga.utm_source\n"
        f'{CUSTOMER},WEB,2026-01-31T11:31:31.842+0000,https://example.com/,"[""a""]",192.0.2.1,letter\n',
    )

    assert (found["customerId"], found["type"], found["context"]) == (CUSTOMER, "viewedPage", "WEB")
    assert found["properties"] == {"url": "https://example.com/", "pageTags": ["a"]}
    assert found["date"] == "2026-01-31T11:31:31.842+0000"
    assert found["contextInfo"] == {"client": {"ip": "192.0.2.1"}}
    assert found["tracking"] == {"ga": {"utm_source": "letter"}}


def test_a_number_of_an_event_is_a_number(state: VendorState) -> None:
    found = event(
        state, f"customerId,context,properties.keyword,properties.resultCount\n{CUSTOMER},WEB,7,7\n",
        eventType="searched",
    )  # fmt: skip

    assert found["properties"] == {"keyword": "7", "resultCount": 7}


def test_upsert_makes_an_event_without_an_id(state: VendorState) -> None:
    assert event(state, f"customerId,context\n{CUSTOMER},WEB\n", operation="UPSERT")["version"] == 0


def test_an_event_may_bring_back_its_customer_in_the_jobs_node(state: VendorState) -> None:
    found = event(state, f"bringBackProperties.type,bringBackProperties.value,context\nSESSION_ID,{SESSION},WEB\n")

    assert found["customerId"] == CUSTOMER
    assert found["bringBackProperties"]["nodeId"] == NODE


def test_upsert_changes_the_event_of_an_id(state: VendorState) -> None:
    found = event(state, f"id,properties.title\n{EVENT},Renamed\n", operation="UPSERT")

    assert (found["id"], found["properties"]["title"], found["version"]) == (EVENT, "Renamed", 1)


def test_delete_removes_the_event_of_an_id(state: VendorState) -> None:
    form = {"entity": "EVENT", "eventType": "viewedPage", "operation": "DELETE"}

    assert only(load(state, f"id\n{EVENT}\n", **form))["result"] == "OK"
    assert EVENT not in state.collection(EVENTS)


@pytest.mark.parametrize(
    ("file", "form", "message"),
    [
        (f"customerId\n{CUSTOMER}\n", {}, "/context context is required"),
        (f"customerId,context\n{ELSEWHERE},WEB\n", {}, f"customer not found {ELSEWHERE}"),
        ("context\nWEB\n", {}, "/customerId"),
        (f"customerId,context,properties.nothing\n{CUSTOMER},WEB,1\n", {}, "/properties/nothing"),
        (f"customerId,context,tracking.ga.nothing\n{CUSTOMER},WEB,1\n", {}, "/tracking/ga/nothing"),
        (f"customerId,context,date\n{CUSTOMER},WEB,2026-02-30T00:00:00Z\n", {}, "/date"),
        (f"id,context\n{EVENT},WEB\n", {}, "server's"),
        (f"id,context\n{EVENT},SHOP\n", {"operation": "UPSERT"}, "the event is not valid"),
        (f"id,properties\n{EVENT},7\n", {"operation": "UPSERT"}, "/properties"),
        (f"id,customerId\n{EVENT},{SECOND}\n", {"operation": "UPSERT"}, "/customerId customerId is immutable"),
        (f"id\n{ID}7001\n", {"operation": "DELETE"}, f"event not found {ID}7001"),
        (f"customerId\n{CUSTOMER}\n", {"operation": "DELETE"}, "an event is deleted by its id"),
        (
            f'bringBackProperties,context\n"{{""nodeId"": ""{ID}0102"", {AWAITED}}}",WEB\n',
            {},
            "of another node",
        ),
    ],
)
def test_an_event_keeps_every_rule_of_a_request(
    state: VendorState, file: str, form: dict[str, str], message: str
) -> None:
    assert message in refused_event(state, file, **form)


def test_events_of_a_type_that_is_switched_off_are_refused(state: VendorState) -> None:
    write_setting(state, WORKSPACE, "event/viewedPage", {"enabled": False})

    assert "disabled" in refused_event(state, f"customerId,context\n{CUSTOMER},WEB\n")


NAMES = (
    "id,externalId,extra,enabled,tags,tags.manual,extended,extended.visits,base,base.contacts,base.contacts.email,"
    "base.likes,base.address.geo.lat,consents,consents.disclaimer,customerId,context,properties,properties.url,"
    "properties.extended,contextInfo,date,tracking,bringBackProperties,bringBackProperties.type,base."
).split(",")
CELLS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    st.sampled_from(
        [
            CUSTOMER, EVENT, "customer-5000", "customer-5001@example.com", "WEB", "1e400", "null", "[]", "{}", "[null]",
            '{"id": null}', '{"email": {}}', "9" * 30, "true", '[{"id": "x"}]', "2026-01-31T11:31:31Z", "[[[[]]]]",
        ]
    ),
)  # fmt: skip


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_job_ends_with_any_file(state: VendorState, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=5))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=3))
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    form = {
        "operation": data.draw(st.sampled_from(["UPSERT", "INSERT", "DELETE"])),
        "entity": data.draw(st.sampled_from(["CUSTOMER", "EVENT"])),
        "eventType": data.draw(st.sampled_from(["viewedPage", "completedOrder", "searched"])),
    }

    job = submit(state, "\n".join((",".join(names), *quoted)), **form)

    assert look(state, job)["status"] in {"PROCESSED", "FAILED"}


@given(file=st.binary())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_any_bytes_makes_a_job_that_ends(state: VendorState, file: bytes) -> None:
    assert look(state, submit(state, file))["status"] in {"PROCESSED", "FAILED"}
