"""Taking what is known of a customer out of bulk jobs: out of lines that wait, and out of the reasons of refusals."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from understudy.core.json_types import Json
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.bulk.csv_files import chunk_id
from understudy.vendors.contacthub.bulk.jobs import write_lines
from understudy.vendors.contacthub.dotted import value_at
from understudy.vendors.contacthub.tables import BULK_JOBS, BULK_RECORDS, BULK_RESULTS, SESSIONS

NAMES = (
    "id",
    "externalId",
    "base.contacts.email",
    "base.contacts.mobilePhone",
    "base.contacts.phone",
    "base.credential.username",
)
"""The properties by which a customer is known."""
COLUMNS = frozenset((*NAMES, "customerId", "bringBackProperties.value"))
"""The columns of a file that can name a customer, beside those that hold whole objects."""
PORTION = 100
"""How many chunks are looked at before other requests have their turn."""


@dataclass(frozen=True, slots=True)
class CustomerIdentifiers:
    """What a customer is known by in a node; capitals make no difference."""

    node_id: str
    names: frozenset[str]

    @classmethod
    def of(cls, state: VendorState, customer: Json) -> "CustomerIdentifiers":
        """Return what a customer is known by now, its sessions among it."""
        sessions = state.collection(SESSIONS).find("customerId", customer["id"])
        texts = [*(value_at(customer, path) for path in NAMES), *(session["value"] for session in sessions)]
        return cls(customer["nodeId"], frozenset(text.casefold() for text in texts if text))

    def is_in(self, columns: Iterable[str], cells: Iterable[str]) -> bool:
        """Tell whether a line of a file names the customer, in a cell of its own or within an object."""
        for column, cell in zip(columns, cells, strict=False):
            text = cell.casefold()
            if text in self.names and column in COLUMNS:
                return True
            if text[:1] in {"{", "["} and any(f'"{name}"' in text for name in self.names):
                return True
        return False

    def is_quoted_in(self, message: str) -> bool:
        """Tell whether a reason quotes what the customer is known by, as words of its own."""
        text = message.casefold()
        return any(name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in self.names)


def erase_from_jobs(state: VendorState, traces: Iterable[CustomerIdentifiers]) -> Iterator[None]:
    """Leave no line that names one of these customers to bulk jobs, and no reason that does in their results."""
    for trace in traces:
        for job in state.collection(BULK_JOBS).find("data.nodeId", trace.node_id):
            yield from _blank_lines(state, job, trace)
            yield from _blank_reasons(state, job, trace)


def _blank_lines(state: VendorState, job: Json, trace: CustomerIdentifiers) -> Iterator[None]:
    records = state.collection(BULK_RECORDS)
    number = job["next"]
    while (chunk := records.get(chunk_id(job["id"], number))) is not None:
        kept = [[] if trace.is_in(job["columns"], cells) else cells for cells in chunk["records"]]
        if kept != chunk["records"]:
            records.put({**chunk, "records": kept})
        number += 1
        if number % PORTION == 0:
            yield


def _blank_reasons(state: VendorState, job: Json, trace: CustomerIdentifiers) -> Iterator[None]:
    results = state.collection(BULK_RESULTS)
    for number in range(job["next"]):
        chunk = results.get(chunk_id(job["id"], number))
        if chunk is not None and "FAILED" in chunk["text"]:
            lines = list(csv.reader(chunk["text"].splitlines(keepends=True)))
            kept = [(*line[:-1], "") if trace.is_quoted_in(line[-1]) else tuple(line) for line in lines]
            results.put({**chunk, "text": write_lines(kept)})
        if number % PORTION == PORTION - 1:
            yield
