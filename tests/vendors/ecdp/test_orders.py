from typing import Any

import pytest

from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.core.steps import run_to_end
from understudy.state.vendor_state import VendorState
from understudy.vendors.ecdp.operations.customers import get_customer_by_email, save_customers
from understudy.vendors.ecdp.operations.orders import change_order_status, delete_order, get_order, save_orders
from understudy.vendors.ecdp.operations.settings import list_order_attributes, list_product_attributes

INES = "ines.holm@example.com"
KNOWN, DELETED = "order-0001", "order-0002"


def order(order_id: str = "new", **fields: Any) -> dict[str, Any]:
    return {
        "id": order_id,
        "date": "2026-02-01T12:00:00.000000Z",
        "customer": {"email": INES},
        "products": [{"id": "p-1"}],
        **fields,
    }


def save(state: VendorState, *orders: dict[str, Any], mode: str = "Add", match_by: str | None = None) -> int:
    reply = save_orders(state, {"mode": mode, "matchBy": match_by, "data": list(orders)})
    return (reply if isinstance(reply, Reply) else run_to_end(reply)).status


def refused(state: VendorState, *orders: dict[str, Any], mode: str = "Add", match_by: str | None = None) -> Refused:
    before = list(state.collection("orders")), list(state.collection("customers"))
    with pytest.raises(Refused) as error:
        save(state, *orders, mode=mode, match_by=match_by)
    assert (list(state.collection("orders")), list(state.collection("customers"))) == before
    return error.value


def read(state: VendorState, order_id: str = "new") -> dict[str, Any]:
    found: dict[str, Any] = get_order(state, order_id).body["data"]
    return found


@pytest.mark.parametrize("mode", ["Add", "AddOrReplace"])
def test_a_new_order_can_be_read(state: VendorState, mode: str) -> None:
    assert save(state, order(status="placed", totalValue=10), mode=mode) == 201
    found = read(state)
    assert (found["status"], found["totalValue"], found["isDeleted"]) == ("placed", 10, False)
    assert found["customer"] == {"id": 1, "email": INES, "phone": None, "crmId": None}


@pytest.mark.parametrize("order_id", [KNOWN, DELETED])
def test_an_order_that_exists_cannot_be_added_again(state: VendorState, order_id: str) -> None:
    error = refused(state, order(order_id))
    assert (error.status, error.data) == (400, ["data.0: an order with this id exists already"])


def test_an_order_cannot_be_added_twice_in_one_request(state: VendorState) -> None:
    assert refused(state, order(), order()).data == ["data.1: an order with this id exists already"]


@pytest.mark.parametrize("mode", ["Replace", "AddOrReplace"])
def test_a_replaced_order_has_nothing_of_the_earlier_one(state: VendorState, mode: str) -> None:
    assert save(state, order(KNOWN), mode=mode) == 201
    found = read(state, KNOWN)
    assert (found["status"], found["orderAttributes"], found["websiteId"]) == (None, [], None)


@pytest.mark.parametrize("order_id", ["nothing", DELETED])
def test_an_unknown_or_deleted_order_cannot_be_replaced(state: VendorState, order_id: str) -> None:
    error = refused(state, order(KNOWN), order(order_id), mode="Replace")
    assert (error.status, error.message) == (404, f"There is no order {order_id!r}.")


def test_a_deleted_order_can_be_saved_anew(state: VendorState) -> None:
    save(state, order(DELETED), mode="AddOrReplace")
    assert read(state, DELETED)["isDeleted"] is False


def test_amounts_as_text_are_numbers_afterwards(state: VendorState) -> None:
    save(
        state, order(totalValue="59.90", returnsValue="0", products=[{"id": "p-1", "price": "29.95", "quantity": 2.0}])
    )
    found = read(state)
    assert (found["totalValue"], found["returnsValue"]) == (59.9, 0)
    assert (found["products"][0]["price"], found["products"][0]["quantity"]) == (29.95, 2)


def test_null_counts_as_absent(state: VendorState) -> None:
    names = ("timeZone", "websiteId", "status", "currency", "totalValue", "returnsValue", "orderAttributes")
    nulls: dict[str, Any] = dict.fromkeys(names)
    customer = {"email": INES, "phone": None, "crmId": None, "consentsData": None}
    attributes = [{"name": "Brand", "value": None}]
    save(state, order(**nulls, customer=customer, products=[{"id": "p", "productAttributes": attributes}]))
    save(state, order("bare", products=[{"id": "p"}]))
    assert read(state) == {**read(state, "bare"), "id": "new"}


def test_an_unknown_customer_is_added(state: VendorState) -> None:
    customer = {"email": "new@example.com", "crmId": "n-1", "consentsData": {"consents": [{"id": 1, "value": "True"}]}}
    save(state, order(customer=customer))
    found = get_customer_by_email(state, "new@example.com").body["data"]
    assert (found["crmId"], found["consentsData"]["consents"]) == ("n-1", [{"id": 1, "value": "True"}])
    assert read(state)["customer"]["id"] == found["id"]


def test_two_orders_of_a_new_customer_are_one_customers(state: VendorState) -> None:
    before = len(state.collection("customers"))
    save(state, *(order(each, customer={"email": "new@example.com"}) for each in ("a", "b")))
    assert len(state.collection("customers")) == before + 1
    assert read(state, "a")["customer"] == read(state, "b")["customer"]


def test_a_known_customer_gets_the_consents_and_nothing_else(state: VendorState) -> None:
    before = get_customer_by_email(state, INES).body["data"]
    consents = {"consents": [{"id": 3, "value": "True"}]}
    save(state, order(customer={"email": INES, "phone": "+4799", "consentsData": consents}))
    after = get_customer_by_email(state, INES).body["data"]
    assert after["phone"] == before["phone"]
    assert {"id": 3, "value": "True"} in after["consentsData"]["consents"]


@pytest.mark.parametrize(
    ("customer", "match_by", "reason"),
    [
        ({"email": INES}, "crmid", "customer: crmId is required, as customers are found by it"),
        ({"phone": "+4799"}, "EMAIL", "customer: email is required, as customers are found by it"),
        ({"email": "new@example.com", "crmId": "crm-0001"}, None, "customer: another customer has this crmId"),
        (
            {"email": INES, "consentsData": {"consents": [{"id": 99, "value": "True"}]}},
            None,
            "customer: there is no consent 99",
        ),
    ],
)
def test_a_customer_who_does_not_fit_is_refused(
    state: VendorState, customer: dict[str, Any], match_by: str | None, reason: str
) -> None:
    error = refused(state, order(customer=customer), match_by=match_by)
    assert (error.status, error.data) == (400, [f"data.0: {reason}"])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"orderAttributes": [{"name": "Star sign", "value": "Leo"}]}, "there is no order attribute 'Star sign'"),
        ({"orderAttributes": [{"name": "Delivery", "value": "Drone"}]}, "the value of 'Delivery' is no SingleSelect"),
        (
            {"products": [{"id": "p", "productAttributes": [{"name": "Delivery", "value": "Shop"}]}]},
            "products.0: there is no product attribute 'Delivery'",
        ),
        (
            {"products": [{"id": "p", "productAttributes": [{"name": "Tax rate", "value": "high"}]}]},
            "products.0: the value of 'Tax rate' is no Number",
        ),
    ],
)
def test_an_attribute_that_does_not_fit_is_refused(state: VendorState, fields: dict[str, Any], reason: str) -> None:
    assert refused(state, order(**fields)).data == [f"data.0: {reason}"]


def test_a_status_is_changed_and_nothing_else(state: VendorState) -> None:
    before = read(state, KNOWN)
    reply = change_order_status(state, {"orderId": KNOWN, "orderStatus": "completed", "websiteId": None})
    assert (reply.status, reply.body) == (200, None)
    assert read(state, KNOWN) == {**before, "status": "completed"}


@pytest.mark.parametrize(
    "change",
    [{"orderId": "nothing"}, {"orderId": DELETED}, {"orderId": KNOWN, "websiteId": 2}],
    ids=["unknown", "deleted", "another web site"],
)
def test_a_status_of_no_such_order_is_refused(state: VendorState, change: dict[str, Any]) -> None:
    with pytest.raises(Refused) as error:
        change_order_status(state, {**change, "orderStatus": "Paid"})
    assert error.value.status == 404


def test_a_deleted_order_is_marked_and_stays(state: VendorState) -> None:
    reply = delete_order(state, KNOWN)
    assert (reply.status, reply.body, read(state, KNOWN)["isDeleted"]) == (200, None, True)
    with pytest.raises(Refused) as error:
        delete_order(state, KNOWN)
    assert error.value.status == 404


def test_an_unknown_order_is_not_found(state: VendorState) -> None:
    for operation in (get_order, delete_order):
        with pytest.raises(Refused) as error:
            operation(state, "nothing")
        assert error.value.status == 404


def test_the_attributes_of_orders_and_products_are_listed(state: VendorState) -> None:
    assert list_order_attributes(state).body["data"][0] == {"id": 1, "name": "Delivery", "type": "SingleSelect"}
    body = list_product_attributes(state).body
    assert (body["status"], [each["type"] for each in body["data"]]) == (0, ["String", "String", "Number"])


def test_a_business_unit_may_find_its_customers_by_one_field_alone(state: VendorState) -> None:
    state.collection("settings").put({"id": "matching", "value": "CrmId"})
    reason = "data.0: customer: crmId is required, as customers are found by it"
    assert refused(state, order()).data == [reason]
    assert refused(state, order(), match_by="Email").message.startswith("matchBy: must be CrmId")
    assert save(state, order(customer={"crmId": "crm-0001"}), match_by="crmId") == 201
    with pytest.raises(Refused, match="matchBy: must be CrmId"):
        save_customers(state, {"mode": "Update", "matchBy": "Email", "data": [{"email": INES}]})
    saved = save_customers(state, {"mode": "Update", "matchBy": "CRMID", "data": [{"crmId": "crm-0001"}]})
    assert isinstance(saved, Reply)
    assert saved.status == 201


@pytest.mark.parametrize("other", [{"customId": {}}, {"customId": "cus-1"}, {"customAttributes": 7}, {"firstName": []}])
def test_members_that_an_orders_customer_does_not_have_are_ignored(state: VendorState, other: dict[str, Any]) -> None:
    for number, email in enumerate((INES, "new@example.com")):
        assert save(state, order(f"new-{number}", customer={"email": email, **other})) == 201
    added = get_customer_by_email(state, "new@example.com").body["data"]
    assert all(added.get(name) != value for name, value in other.items())
