"""Operations that show the records of each collection."""

from collections.abc import Mapping

from understudy.core.shown_record import FindShown, ShownBy

SHOWN: Mapping[str, FindShown] = {
    "purchases": lambda _state, record: [ShownBy("get_purchase", {"id": record["id"]})],
}
