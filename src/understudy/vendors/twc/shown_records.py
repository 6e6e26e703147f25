"""Operations that show the records of each collection."""

from collections.abc import Mapping

from understudy.core.shown_record import FindShown, ShownBy
from understudy.vendors.twc.tables import EVENTS, JOBS, SUBSCRIPTIONS

SHOWN: Mapping[str, FindShown] = {
    EVENTS: lambda _state, record: [
        ShownBy("get_event", {"event_id": record["value"]["id"], "x_twc_tenant": record["tenant"]})
    ],
    SUBSCRIPTIONS: lambda _state, record: [
        ShownBy("get_subscription", {"subscription_id": record["value"]["id"], "x_twc_tenant": record["tenant"]}),
        ShownBy("list_subscriptions", {"x_twc_tenant": record["tenant"]}),
    ],
    JOBS: lambda _state, record: [
        ShownBy("activate_job", {"job_id": record["value"]["id"], "is_active": True, "x_twc_tenant": record["tenant"]})
    ],
}
