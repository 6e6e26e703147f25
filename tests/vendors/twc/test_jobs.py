from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.vendors.twc.notifications import sent
from understudy.core.caller import Caller
from understudy.core.refused import Refused
from understudy.core.reply import Reply
from understudy.state.vendor_state import VendorState
from understudy.vendors.twc.operations.jobs import activate_job, create_job, delete_job, update_job
from understudy.vendors.twc.start import JOB_IDS

TENANT = "understudy"
KNOWN, IDLE, DELETED = JOB_IDS


def notices(state: VendorState, key: str) -> int:
    """Return the number of a job's notifications up to now."""
    return sum(each["what"]["job_id"] == key for each in sent(state))


CHANGES = [
    lambda state, key, caller: update_job(state, {}, key, caller, TENANT),
    lambda state, key, caller: activate_job(state, key, is_active=True, caller=caller, x_twc_tenant=TENANT),
    lambda state, key, caller: delete_job(state, key, caller, TENANT),
]


def test_a_new_job_is_active_and_unscheduled_without_schedule(state: VendorState, caller: Caller) -> None:
    reply = create_job(state, {"notification": "REMINDER"}, caller, TENANT)
    flags = {"deleted": False, "is_active": True, "is_scheduled": False}
    assert (reply.status, reply.body) == (201, {"notification": "REMINDER", **flags, "id": reply.body["id"]})


@pytest.mark.parametrize("field", ["schedule", "scheduleExpression"])
def test_a_new_job_with_a_schedule_is_scheduled(state: VendorState, caller: Caller, field: str) -> None:
    assert create_job(state, {"notification": "REMINDER", field: "0 9 * * *"}, caller, TENANT).body["is_scheduled"]


@pytest.mark.parametrize("field", ["schedule", "scheduleExpression"])
def test_a_new_job_with_a_bad_schedule_is_refused(state: VendorState, caller: Caller, field: str) -> None:
    with pytest.raises(Refused) as refused:
        create_job(state, {"notification": "REMINDER", field: "0 61 * * * ?"}, caller, TENANT)
    assert (refused.value.status, refused.value.violations[0].name) == (400, field)


@pytest.mark.parametrize("field", ["schedule", "scheduleExpression"])
def test_an_update_with_a_bad_schedule_changes_nothing(state: VendorState, caller: Caller, field: str) -> None:
    before = update_job(state, {}, KNOWN, caller, TENANT)
    with pytest.raises(Refused) as refused:
        update_job(state, {"template_id": "d-other", field: "0 61 * * * ?"}, KNOWN, caller, TENANT)
    assert refused.value.status == 400
    assert update_job(state, {}, KNOWN, caller, TENANT) == before


@pytest.mark.parametrize("key", [KNOWN, DELETED])
def test_an_id_in_use_is_refused(state: VendorState, caller: Caller, key: str) -> None:
    with pytest.raises(Refused) as refused:
        create_job(state, {"notification": "REMINDER", "id": key}, caller, TENANT)
    assert (refused.value.status, refused.value.data) == (400, "job")


def test_an_update_changes_only_the_given_fields(state: VendorState, caller: Caller) -> None:
    changes = {"number_of_items_in_email": -1, "template_id": None, "job_parameters": {"campaign_id": "other"}}
    job = update_job(state, changes, KNOWN, caller, TENANT).body
    assert (job["number_of_items_in_email"], job["template_id"]) == (-1, "d-2f6a0c81b3e94d57")
    assert job["job_parameters"] == {"campaign_id": "other", "utm_medium": "email"}
    assert update_job(state, {"id": KNOWN}, KNOWN, caller, TENANT).body == job


def test_a_jobs_id_cannot_be_changed(state: VendorState, caller: Caller) -> None:
    with pytest.raises(Refused) as refused:
        update_job(state, {"id": IDLE}, KNOWN, caller, TENANT)
    assert (refused.value.status, refused.value.code) == (400, "idinvalid")


def test_a_job_is_switched_on_and_off(state: VendorState, caller: Caller) -> None:
    for key, is_active in ((IDLE, True), (KNOWN, False)):
        assert activate_job(state, key, is_active, caller, TENANT).body["is_active"] is is_active
        assert update_job(state, {}, key, caller, TENANT).body["is_active"] is is_active


def test_a_deleted_job_stays_stored_but_inactive(state: VendorState, caller: Caller) -> None:
    assert delete_job(state, KNOWN, caller, TENANT) == Reply(status=204)
    (row,) = [row for row in state.collection("jobs") if row["value"]["id"] == KNOWN]
    assert (row["value"]["deleted"], row["value"]["is_active"]) == (True, False)


def test_a_job_made_with_the_flag_deleted_can_be_updated_and_revived(state: VendorState, caller: Caller) -> None:
    create_job(state, {"notification": "REMINDER", "id": "asleep", "deleted": True}, caller, TENANT)
    changed = update_job(state, {"template_id": "d-1"}, "asleep", caller, TENANT).body
    assert (changed["deleted"], changed["template_id"]) == (True, "d-1")
    assert update_job(state, {"deleted": False}, "asleep", caller, TENANT).body["deleted"] is False


def test_a_job_with_the_flag_deleted_can_be_switched_and_deleted(state: VendorState, caller: Caller) -> None:
    create_job(state, {"notification": "REMINDER", "id": "asleep", "deleted": True}, caller, TENANT)
    assert activate_job(state, "asleep", is_active=False, caller=caller, x_twc_tenant=TENANT).body["deleted"]
    assert delete_job(state, "asleep", caller, TENANT).status == 204
    with pytest.raises(Refused):
        update_job(state, {"deleted": False}, "asleep", caller, TENANT)


def test_a_job_with_the_flag_deleted_does_not_run_until_it_is_revived(state: VendorState, caller: Caller) -> None:
    state.clock.set(rate=0)
    body = {"notification": "REMINDER", "id": "asleep", "deleted": True, "schedule": "0 9 * * *"}
    create_job(state, body, caller, TENANT)
    state.clock.move(timedelta(days=2))
    assert notices(state, "asleep") == 0
    update_job(state, {"deleted": False}, "asleep", caller, TENANT)
    state.clock.move(timedelta(days=2))
    assert notices(state, "asleep") == 2


def test_the_job_of_the_page_never_runs_and_gives_way_to_a_new_one(state: VendorState, caller: Caller) -> None:
    state.clock.set(rate=0)
    assert update_job(state, {}, "string", caller, TENANT).body["schedule"] == "string"
    state.clock.move(timedelta(days=2))
    assert notices(state, "string") == 0


def test_a_new_job_in_the_place_of_the_pages_has_no_earlier_times(state: VendorState, caller: Caller) -> None:
    state.clock.set(rate=0)
    assert notices(state, "string") == 0
    state.clock.move(timedelta(days=2))
    create_job(state, {"notification": "REMINDER", "id": "string", "schedule": "0 9 * * *"}, caller, TENANT)
    assert notices(state, "string") == 0
    with pytest.raises(Refused, match="already"):
        create_job(state, {"notification": "REMINDER", "id": "string"}, caller, TENANT)


@pytest.mark.parametrize("key", [DELETED, "nobody"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_job_that_is_deleted_or_unknown_is_not_found(
    state: VendorState, caller: Caller, change: Callable[[VendorState, str, Caller], Reply], key: str
) -> None:
    with pytest.raises(Refused) as refused:
        change(state, key, caller)
    assert refused.value.status == 404


@pytest.mark.parametrize("change", CHANGES)
def test_a_token_of_another_realm_is_refused(
    state: VendorState, stranger: Caller, change: Callable[[VendorState, str, Caller], Reply]
) -> None:
    with pytest.raises(Refused) as refused:
        change(state, KNOWN, stranger)
    assert refused.value.status == 403
