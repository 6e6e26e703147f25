"""How many requests a minute a workspace may send, by the world's clock.

The page gives the limit and says that 0 sets none. How it is counted, and how a request over it is refused, is
inferred: minutes are those of the clock, and every request that names the workspace and may use it counts.
"""

from understudy.core.json_types import Json
from understudy.core.refused import Refused
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.configuration.stored_settings import read_setting, write_setting
from understudy.vendors.contacthub.tables import THROTTLES

SETTING, LIMIT = "throttling", "maxRequestsPerMinute"
UNLIMITED: Json = {LIMIT: 0}
MINUTE = 60
EVERY_MINUTE = -1


def check_rate(state: VendorState, workspace_id: str) -> None:
    """Count a request of a workspace; refuse it with 429 if those of this minute are used up."""
    limit = read_setting(state, workspace_id, SETTING, UNLIMITED)[LIMIT]
    if not limit:
        return
    throttles = state.collection(THROTTLES)
    now = state.now()
    count = throttles.get(workspace_id)
    minute = int(now.timestamp()) // MINUTE
    if count is None or count["minute"] not in (minute, EVERY_MINUTE):
        count = {"id": workspace_id, "minute": minute, "used": 0}
    if count["used"] >= limit:
        headers = {"Retry-After": str(MINUTE - now.second)}
        raise Refused(429, f"more than {limit} requests per minute: {workspace_id}", headers=headers)
    throttles.put({**count, "used": count["used"] + 1})


def use_up_rate(state: VendorState, workspace_id: str) -> None:
    """Limit a workspace to one request a minute, and have it used up for as long as any clock runs."""
    write_setting(state, workspace_id, SETTING, {LIMIT: 1})
    state.collection(THROTTLES).put({"id": workspace_id, "minute": EVERY_MINUTE, "used": 1})
