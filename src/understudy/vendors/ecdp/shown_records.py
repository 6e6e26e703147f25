"""Operations that show the records of each collection."""

from collections.abc import Mapping

from understudy.core.shown_record import FindShown, ShownBy

SHOWN: Mapping[str, FindShown] = {
    "customers": lambda _state, record: [ShownBy("get_customer_by_id", {"id": int(record["id"])})],
    "orders": lambda _state, record: [ShownBy("get_order", {"id": str(record["id"])})],
    "attributes": lambda _state, _record: [ShownBy("list_customer_attributes", {})],
    "consents": lambda _state, _record: [ShownBy("list_customer_consents", {})],
}
