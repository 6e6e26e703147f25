"""Client of a running server: its worlds, journal, faults, clocks and snapshots.

``RemoteWorld(Control("http://127.0.0.1:8080"), "checkout-42")`` is a world of the server,
``RemoteVendor(world, "ecdp")`` a vendor in that world.
"""

from understudy.client.call_list import CallList, MissingCalls
from understudy.client.control import Control, Declined
from understudy.client.http_client import Unreachable
from understudy.client.keywords import UnknownKeyword
from understudy.client.sent import RemoteDelivery
from understudy.client.vendor import RemoteVendor
from understudy.client.verdict import Verdict
from understudy.client.world import RemoteWorld

__all__ = [
    "CallList",
    "Control",
    "Declined",
    "MissingCalls",
    "RemoteDelivery",
    "RemoteVendor",
    "RemoteWorld",
    "UnknownKeyword",
    "Unreachable",
    "Verdict",
]
