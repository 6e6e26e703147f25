"""Erasure of a customer from bulk jobs: from lines that are not yet written, and from error messages in results."""

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

IDENTIFYING_PROPERTIES = (
    "id",
    "externalId",
    "base.contacts.email",
    "base.contacts.mobilePhone",
    "base.contacts.phone",
    "base.credential.username",
)
"""Properties that identify a customer."""
IDENTIFYING_COLUMNS = frozenset((*IDENTIFYING_PROPERTIES, "customerId", "bringBackProperties.value"))
"""Columns of a file that can identify a customer, beside columns of JSON objects."""
CHUNKS_PER_STEP = 100
"""Number of chunks checked in one step."""


@dataclass(frozen=True, slots=True)
class CustomerIdentifiers:
    """Identifying values of a customer in a node, case-folded."""

    node_id: str
    values: frozenset[str]

    @classmethod
    def of(cls, state: VendorState, customer: Json) -> "CustomerIdentifiers":
        """Return the identifying values of a customer and its sessions."""
        sessions = state.collection(SESSIONS).find("customerId", customer["id"])
        texts = [
            *(value_at(customer, path) for path in IDENTIFYING_PROPERTIES),
            *(session["value"] for session in sessions),
        ]
        return cls(customer["nodeId"], frozenset(text.casefold() for text in texts if text))

    def is_in(self, columns: Iterable[str], cells: Iterable[str]) -> bool:
        """Return whether a line of a file identifies the customer, in a cell or within a JSON object."""
        for column, cell in zip(columns, cells, strict=False):
            text = cell.casefold()
            if text in self.values and column in IDENTIFYING_COLUMNS:
                return True
            if text[:1] in {"{", "["} and any(f'"{value}"' in text for value in self.values):
                return True
        return False

    def is_quoted_in(self, message: str) -> bool:
        """Return whether an error message quotes an identifying value as whole words."""
        text = message.casefold()
        return any(value in text and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) for value in self.values)


def erase_from_jobs(state: VendorState, customers: Iterable[CustomerIdentifiers]) -> Iterator[None]:
    """Erase lines and error messages that identify one of the customers from bulk jobs, in steps."""
    for identifiers in customers:
        for job in state.collection(BULK_JOBS).find("data.nodeId", identifiers.node_id):
            yield from _erase_lines(state, job, identifiers)
            yield from _erase_messages(state, job, identifiers)


def _erase_lines(state: VendorState, job: Json, identifiers: CustomerIdentifiers) -> Iterator[None]:
    records = state.collection(BULK_RECORDS)
    number = job["next"]
    while (chunk := records.get(chunk_id(job["id"], number))) is not None:
        kept = [[] if identifiers.is_in(job["columns"], cells) else cells for cells in chunk["records"]]
        if kept != chunk["records"]:
            records.put({**chunk, "records": kept})
        number += 1
        if number % CHUNKS_PER_STEP == 0:
            yield


def _erase_messages(state: VendorState, job: Json, identifiers: CustomerIdentifiers) -> Iterator[None]:
    results = state.collection(BULK_RESULTS)
    for number in range(job["next"]):
        chunk = results.get(chunk_id(job["id"], number))
        if chunk is not None and "FAILED" in chunk["text"]:
            lines = list(csv.reader(chunk["text"].splitlines(keepends=True)))
            kept = [(*line[:-1], "") if identifiers.is_quoted_in(line[-1]) else tuple(line) for line in lines]
            results.put({**chunk, "text": write_lines(kept)})
        if number % CHUNKS_PER_STEP == CHUNKS_PER_STEP - 1:
            yield
