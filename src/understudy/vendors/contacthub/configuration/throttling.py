"""Rate limit of a workspace, in requests per minute of the world's clock.

The limit is documented, 0 means unlimited. The rest is inferred: each request that names the workspace and may use it
counts, and a request over the limit is refused with 429.
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
    """Count a request of a workspace; refuse it with 429 if the limit of this minute is used up."""
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
    """Limit a workspace to one request a minute that is used up in every minute."""
    write_setting(state, workspace_id, SETTING, {LIMIT: 1})
    state.collection(THROTTLES).put({"id": workspace_id, "minute": EVERY_MINUTE, "used": 1})
