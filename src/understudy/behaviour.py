"""Names for the behaviour of users' own vendors: what a function of an operation takes, returns and raises."""

from understudy.core.caller import BasicCredentials, Caller
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.table import SortedIndex, Table, by
from understudy.state.collection import Collection
from understudy.state.vendor_state import VendorState

__all__ = [
    "BasicCredentials",
    "Caller",
    "Cause",
    "Collection",
    "Refused",
    "Reply",
    "RequestFacts",
    "SortedIndex",
    "Table",
    "VendorState",
    "Violation",
    "by",
]
