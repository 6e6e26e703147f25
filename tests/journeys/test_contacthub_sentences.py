"""Single sentences of the vendor's page on analytics, jobs, nodes and settings, over real HTTP.

They are decided by the spec, and so not covered by a handler's tests: defaults, limits, lists of values, roles.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from understudy.vendors.contacthub.security import sign_in

Json = dict[str, Any]
SignIn = Callable[..., httpx.Client]

ID = "3c9f1c2e-7d54-4b1a-9f00-0a1b2c3d"
NODE, OTHER_NODE, AGGREGATE, RESERVE, CUSTOMER = (
    f"{ID}{number}" for number in ("0101", "0102", "0201", "0202", "5000")
)
STATS, CONFIGURATION, JOBS = "/stats", "/configuration", f"/nodes/{NODE}/bulk-jobs"
NODES = f"{CONFIGURATION}/nodes"
API_SOURCE: Json = {"provider": "API", "name": "Till", "properties": {"allowedIPs": []}, "nodes": [NODE]}
SEND_SOURCE: Json = {
    "provider": "CONTACTSEND",
    "name": "Letters",
    "nodes": [OTHER_NODE],
    "properties": {
        "userdbId": 4999,
        "groupPk": 41,
        "mappedColumns": [],
        "options": {"syncCustomer": "IN_OUT", "importEvent": True},
        "subscriptions": [],
    },
}
GATHERING: Json = {
    "name": "Both",
    "entryNodes": [NODE],
    "matchingProperties": {"properties": ["base.contacts.email"], "caseSensitive": False},
}


@pytest.fixture
def client_of(stand_in: Any) -> Iterator[SignIn]:
    """Return the client of a role."""
    clients: list[httpx.Client] = []

    def sign(role: str = "") -> httpx.Client:
        known = stand_in.credentials("contacthub")
        url = f"{stand_in.url('contacthub')}/workspaces/{known['workspace']}"
        clients.append(httpx.Client(base_url=url, headers=sign_in(stand_in.world.vendors["contacthub"], role)))
        return clients[-1]

    yield sign
    for client in clients:
        client.close()


@pytest.fixture
def hub(client_of: SignIn) -> httpx.Client:
    return client_of()


def filters(count: int) -> list[Json]:
    return [{"property": "base.firstName", "value": f"Test {n}", "pattern": "START_WITH"} for n in range(count)]


def text_property(**settings: Any) -> Json:
    return {"shelf": {"type": "string", "contactlabProperties": {"label": "Shelf", "enabled": True, **settings}}}


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        (f"/customers/{CUSTOMER}/stats/event-category-distribution", "mode", "DAILY"),
        (f"{STATS}/customers/creation-date", "mode", "MONTHLY"),
        (f"{STATS}/customers/update-date", "type", "ADDED"),
        (f"{STATS}/events/update-date", "type", "ADDED"),
        (f"{STATS}/events/type-context", "context", "ALL"),
        (f"{STATS}/events/kpi/purchases", "type", "ALL"),
    ],
)
def test_what_is_not_asked_for_has_its_default(hub: httpx.Client, path: str, name: str, value: str) -> None:
    assert hub.get(path).json()["parameters"][name] == value


@pytest.mark.parametrize(("mode", "years"), [("DAILY", 1), ("WEEKLY", 5), ("MONTHLY", 10)])
def test_registrations_are_counted_for_as_long_as_their_mode_allows(hub: httpx.Client, mode: str, years: int) -> None:
    asked = {"mode": mode, "start": "2001-01-31T12:00:00Z", "end": "2026-01-31T12:00:00Z"}

    echo = hub.get(f"{STATS}/customers/creation-date", params=asked).json()["parameters"]

    assert (echo["start"], echo["end"]) == (f"{2026 - years}-01-31T12:00:00.000+0000", "2026-01-31T12:00:00.000+0000")


@pytest.mark.parametrize("entity", ["customers", "events"])
@pytest.mark.parametrize(
    ("kind", "start"), [("ADDED", "2025-01-31"), ("UPDATED", "2025-01-31"), ("DELETED", "2025-12-31")]
)
def test_changes_are_counted_for_a_year_and_deletions_for_a_month(
    hub: httpx.Client, entity: str, kind: str, start: str
) -> None:
    asked = {"type": kind, "start": "2001-01-31T12:00:00Z", "end": "2026-01-31T12:00:00Z"}

    echo = hub.get(f"{STATS}/{entity}/update-date", params=asked).json()["parameters"]

    assert echo["start"] == f"{start}T12:00:00.000+0000"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{STATS}/customers/creation-date", "mode=YEARLY"),
        (f"{STATS}/customers/update-date", "type=MERGED"),
        (f"{STATS}/events/type-context", "context=SHOP"),
        (f"{STATS}/events/kpi/purchases", "type=WEB"),
        (JOBS, "status=DONE"),
        (JOBS, "entity=PRODUCT"),
        (NODES, "nodeType=LEAF"),
        (NODES, "size=51"),
        (NODES, "page=51"),
        (f"{NODES}/entries", "size=51"),
        (f"{CONFIGURATION}/plan/models/NEWSLETTER", ""),
    ],
)
def test_a_question_outside_the_pages_lists_and_limits_is_refused(hub: httpx.Client, path: str, query: str) -> None:
    assert hub.get(f"{path}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", CONFIGURATION, {"timezone": "Asia/Tokyo"}),
        ("PUT", CONFIGURATION, {"currency": "GBP"}),
        ("PUT", CONFIGURATION, {"industry": "Tea"}),
        ("PUT", CONFIGURATION, {"customerUniquenessPolicy": "BLOCK"}),
        ("PUT", f"{CONFIGURATION}/throttling", {"maxRequestsPerMinute": -1}),
        ("PUT", f"{CONFIGURATION}/products/update-policy", {"eventTypes": ["viewedPage"]}),
        ("PUT", f"{CONFIGURATION}/properties/extended", text_property(maxLength=0)),
        ("PUT", f"{CONFIGURATION}/properties/extended", text_property(maxLength=6001)),
        ("POST", f"{NODES}/entries", {"description": "nameless"}),
        ("POST", f"{NODES}/aggregates", {**GATHERING, "entryNodes": []}),
        ("POST", f"{NODES}/aggregates", {**GATHERING, "exclusionFilters": filters(11)}),
        ("POST", f"{NODES}/aggregates", {**GATHERING, "exclusionFilters": [{**filters(1)[0], "pattern": "LIKE"}]}),
        ("PUT", f"{NODES}/aggregates/{RESERVE}/state", {"state": "OLD"}),
        ("POST", f"{CONFIGURATION}/sources", {**API_SOURCE, "nodes": []}),
        *(
            ("POST", f"{CONFIGURATION}/sources", {**API_SOURCE, "provider": provider})
            for provider in (
                "JavaScript", "MAGENTO", "ANDROID_SDK", "OBJECTIVEC_SDK", "NODEJS_SDK", "JAVA_SDK", "SCALA_SDK",
                "DOTNET_SDK",
            )
        ),
    ],
)  # fmt: skip
def test_a_setting_outside_the_pages_lists_and_limits_is_refused(
    hub: httpx.Client, method: str, path: str, body: Json
) -> None:
    assert hub.request(method, path, json=body).status_code == 400


def test_ten_filters_are_as_many_as_an_aggregate_node_has(hub: httpx.Client) -> None:
    answer = hub.post(f"{NODES}/aggregates", json={**GATHERING, "exclusionFilters": filters(10)})

    assert (answer.status_code, len(answer.json()["exclusionFilters"])) == (201, 10)


def test_a_text_has_room_for_255_characters_and_a_list_of_texts_for_1000(hub: httpx.Client) -> None:
    before = hub.get(f"{CONFIGURATION}/properties/extended").json()
    settings = {"label": "Shelf", "enabled": True}
    new = {
        "shelf": {"type": "string", "contactlabProperties": settings},
        "shelves": {"type": "array", "items": {"type": "string"}, "contactlabProperties": settings},
    }

    after = hub.put(f"{CONFIGURATION}/properties/extended", json=before | new).json()

    assert [after[name]["contactlabProperties"]["maxLength"] for name in new] == [255, 1000]


@pytest.mark.parametrize(
    ("role", "status"), [("CLAB_OPERATOR", 201), ("ADMIN", 201), ("USER", 403), ("TRUSTED_APPLICATION", 403)]
)
def test_only_the_vendors_staff_and_administrators_make_a_send_source(
    client_of: SignIn, role: str, status: int
) -> None:
    assert client_of(role).post(f"{CONFIGURATION}/sources", json=SEND_SOURCE).status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [("CLAB_OPERATOR", 200), ("ADMIN", 200), ("USER", 403), ("TRUSTED_APPLICATION", 403)]
)
def test_only_the_vendors_staff_and_administrators_modify_a_send_source(
    client_of: SignIn, hub: httpx.Client, role: str, status: int
) -> None:
    made = hub.post(f"{CONFIGURATION}/sources", json=SEND_SOURCE).json()

    answer = client_of(role).put(f"{CONFIGURATION}/sources/{made['id']}", json={**made, "name": "Post"})

    assert answer.status_code == status


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"entity": "CUSTOMER"}, id="no operation"),
        pytest.param({"operation": "MERGE"}, id="unknown operation"),
        pytest.param({"operation": "UPSERT", "entity": "PRODUCT"}, id="unknown entity"),
        pytest.param({"operation": "UPSERT", "entity": "EVENT", "eventType": "slept"}, id="unknown type"),
    ],
)
def test_an_invalid_form_of_a_job_is_refused(hub: httpx.Client, form: dict[str, str]) -> None:
    assert hub.post(JOBS, data=form, files={"file": "externalId\n1\n"}).status_code == 400


def test_a_job_has_a_file(hub: httpx.Client) -> None:
    assert hub.post(JOBS, files={"operation": (None, "UPSERT")}).status_code == 400


def test_results_of_a_job_are_csv(hub: httpx.Client) -> None:
    job = hub.post(JOBS, data={"operation": "UPSERT"}, files={"file": "externalId\n1\n"}).json()
    hub.get(f"{JOBS}/{job['id']}")

    answer = hub.get(f"{JOBS}/{job['id']}/results")

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/csv")


@pytest.mark.parametrize("missing", ["name", "slug", "groupPk", "shard"])
def test_a_new_workspace_has_all_that_the_page_requires(hub: httpx.Client, missing: str) -> None:
    body = {"name": "Second", "slug": "second", "groupPk": 41, "shard": "a"}
    url = str(hub.base_url).rstrip("/").rpartition("/")[0]

    assert hub.post(url, json={name: value for name, value in body.items() if name != missing}).status_code == 400
    assert hub.post(url, json=body).status_code == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/workspaces/{workspaceId}/configuration/events/{eventType}"),
        ("GET", "/workspaces/{workspaceId}/configuration/nodes/entries/{nodeId}/unique-customer-matching-policy"),
        ("PUT", "/workspaces/{workspaceId}/configuration/nodes/entries/{nodeId}/unique-customer-matching-policy"),
    ],
)
def test_what_the_page_calls_deprecated_is_marked(stand_in: Any, method: str, path: str) -> None:
    document = stand_in.understudy.vendors["contacthub"].document.raw

    assert document["paths"][path][method.lower()]["deprecated"] is True
