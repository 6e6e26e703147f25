"""Operations of one name at several vendors: each question of the control API is about one vendor's."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.asgi import call
from tests.contract.conftest import found
from tests.control.conftest import Steering


def shared_names() -> dict[str, list[str]]:
    """Return the vendors by the name of an operation that several have."""
    vendors = defaultdict(list)
    for name, served in found().items():
        for operation in served.operations:
            vendors[operation.id].append(name)
    return {operation: names for operation, names in vendors.items() if len(names) > 1}


SHARED = shared_names()
PAIRS = [
    pytest.param(operation, struck, spared, id=f"{operation}-{struck}-{spared}")
    for operation, vendors in SHARED.items()
    for struck in vendors
    for spared in vendors
    if struck != spared
]


def call_operation(steering: Steering, vendor: str, operation: str) -> int:
    """Call an operation without credentials; return the status, 401 if no fault strikes."""
    served = steering.understudy.vendors[vendor]
    compiled = served.by_id[operation]
    path = compiled.path
    for parameter in compiled.parameters:
        path = path.replace(f"{{{parameter.name}}}", "1")
    target = f"/@{steering.world_name}{served.base_path}{path}"
    return call(steering.understudy.asgi, compiled.method.upper(), target).status


def journal(steering: Steering, **asked: Any) -> list[tuple[str, str]]:
    found = steering.get(f"/worlds/{{world}}/journal?{urlencode(asked)}")
    return [(each["vendor"], each["operation"]) for each in found]


def test_several_vendors_have_operations_of_one_name() -> None:
    assert len(SHARED) > 5
    assert {vendor for vendors in SHARED.values() for vendor in vendors} >= {"capillary", "contacthub", "twc"}


@pytest.mark.parametrize(("operation", "struck", "spared"), PAIRS)
def test_a_fault_strikes_the_operation_of_its_vendor_alone(
    steering: Steering, operation: str, struck: str, spared: str
) -> None:
    fault = {"kind": "status", "status": 599, "vendor": struck, "operation": operation}
    added = steering.post("/worlds/{world}/faults", fault, status=201)

    assert call_operation(steering, spared, operation) == 401
    assert call_operation(steering, struck, operation) == 599
    [listed] = steering.get("/worlds/{world}/faults")
    assert (listed["id"], listed["seen"], listed["struck"]) == (added["id"], 1, 1)


@pytest.mark.parametrize(("operation", "asked", "other"), PAIRS)
def test_the_journal_shows_the_calls_of_one_vendors_operation(
    steering: Steering, operation: str, asked: str, other: str
) -> None:
    call_operation(steering, asked, operation)
    call_operation(steering, other, operation)

    assert journal(steering, vendor=asked, operation=operation) == [(asked, operation)]


@pytest.mark.parametrize(("operation", "asked", "other"), PAIRS)
def test_an_expectation_counts_the_calls_of_one_vendors_operation(
    steering: Steering, operation: str, asked: str, other: str
) -> None:
    call_operation(steering, other, operation)
    calls = {"vendor": asked, "operation": operation}

    for times in (0, 1):
        [finding] = steering.post("/worlds/{world}/verify", {"expect": [{"calls": calls, "exactly": times}]})[
            "findings"
        ]
        assert (finding["holds"], finding["found"]) == (True, times)
        call_operation(steering, asked, operation)


def test_a_vendors_fault_strikes_no_operation_of_another_vendor(steering: Steering) -> None:
    steering.post("/worlds/{world}/faults", {"kind": "status", "status": 599, "vendor": "twc"}, status=201)

    for operation, vendors in SHARED.items():
        assert {vendor: call_operation(steering, vendor, operation) for vendor in vendors} == {
            vendor: 599 if vendor == "twc" else 401 for vendor in vendors
        }


def test_an_operation_of_another_vendor_is_no_operation_of_this_one(steering: Steering) -> None:
    fault = {"kind": "status", "vendor": "crmcom", "operation": "create_subscription"}

    answer = steering.ask("POST", "/worlds/{world}/faults", fault)

    assert answer.status == 422
    assert "crmcom has no operation 'create_subscription'" in answer.json["title"]
