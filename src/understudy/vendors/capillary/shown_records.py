"""Operations that show the records of each collection."""

from collections.abc import Mapping

from understudy.core.shown_record import FindShown, ShownBy

SHOWN: Mapping[str, FindShown] = {
    "events": lambda _state, record: [ShownBy("get_event", {"event_name": record["eventName"]})],
    "webhooks": lambda _state, _record: [ShownBy("list_webhooks", {})],
    "occurrences": lambda _state, record: [
        ShownBy("get_occurrence", {"id": record["requestId"]}),
        ShownBy("list_customer_occurrences", {"user_id": record["customerId"]}),
        ShownBy("search_occurrences", {"event_id": record["requestId"], "include_side_effects": True}),
    ],
    "runs": lambda _state, record: [ShownBy("get_running_status", {"event_id": record["id"]})],
}
