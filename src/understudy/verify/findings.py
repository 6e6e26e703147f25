"""Findings of a verification: breaches of the document, each with the requests that show it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from understudy.state.journal import Exchange


class FindingKind(StrEnum):
    """Kind of a finding."""

    SERVER_ERROR = "server-error"
    UNDOCUMENTED_STATUS = "undocumented-status"
    UNDOCUMENTED_MEDIA_TYPE = "undocumented-media-type"
    UNDOCUMENTED_HEADER = "undocumented-header"
    INVALID_HEADER = "invalid-header"
    INVALID_RESPONSE_BODY = "invalid-response-body"
    VALID_REQUEST_REFUSED = "valid-request-refused"
    INVALID_REQUEST_ACCEPTED = "invalid-request-accepted"
    IGNORED_CREDENTIALS = "ignored-credentials"
    WRONG_METHOD_ACCEPTED = "wrong-method-accepted"
    WRONG_ALLOW = "wrong-allow"
    EXAMPLE_NOT_HONOURED = "example-not-honoured"
    LOST_WRITE = "lost-write"
    NOT_DELETED = "not-deleted"
    NO_ANSWER = "no-answer"
    OTHER = "other"


DESCRIPTIONS = {
    FindingKind.SERVER_ERROR: "The server fails: a status from 500 on that is not declared, or a plain 500.",
    FindingKind.UNDOCUMENTED_STATUS: "The document declares no response of this status.",
    FindingKind.UNDOCUMENTED_MEDIA_TYPE: "The document declares no body of this media type.",
    FindingKind.UNDOCUMENTED_HEADER: "The document does not list this header, and no standard does.",
    FindingKind.INVALID_HEADER: "A declared header is missing or breaks its schema.",
    FindingKind.INVALID_RESPONSE_BODY: "The body breaks its schema.",
    FindingKind.VALID_REQUEST_REFUSED: "A request that the document allows is refused as if it broke the document.",
    FindingKind.INVALID_REQUEST_ACCEPTED: "A request that the document forbids is accepted.",
    FindingKind.IGNORED_CREDENTIALS: "An operation that needs credentials answers without them, or with wrong ones.",
    FindingKind.WRONG_METHOD_ACCEPTED: "A method that the document does not declare for a path is accepted.",
    FindingKind.WRONG_ALLOW: "A 405 without an Allow header, or with one that lacks a declared method.",
    FindingKind.EXAMPLE_NOT_HONOURED: "A request of a named example gets another status than its response shows.",
    FindingKind.LOST_WRITE: "A write that was accepted cannot be read afterwards.",
    FindingKind.NOT_DELETED: "A deleted resource is still there.",
    FindingKind.NO_ANSWER: "The server sends no whole answer: it is cut off, late, or not in its coding.",
    FindingKind.OTHER: "A check of Schemathesis that is of none of the other kinds.",
}

INDEX = re.compile(r"/[0-9]+(?=/|$)")


@dataclass(frozen=True, slots=True)
class VerifyFinding:
    """Breach of the document, with the exchanges that show it, in order; the last one is the breach itself.

    ``operation`` is the operationId, ``place`` the status, header, parameter or JSON pointer. ``message`` describes
    the breach in one line. ``curl`` has the commands that repeat it; ``repeats`` is ``None`` until they were tried.
    A finding that ``is_accepted`` is in the baseline.
    """

    kind: FindingKind
    vendor: str
    operation: str
    place: str
    message: str
    phase: str
    exchanges: tuple[Exchange, ...]
    curl: tuple[str, ...] = ()
    repeats: bool | None = None
    is_accepted: bool = False

    @property
    def key(self) -> str:
        """Identity of the finding in a baseline: the same in each run, whatever values were sent."""
        return f"{self.vendor} {self.operation} {self.kind} {INDEX.sub('/*', self.place)}".rstrip()

    @property
    def size(self) -> int:
        """Size of the input: the bytes of all requests."""
        return sum(len(each.path) + len(each.query) + len(each.request_body) for each in self.exchanges)


class VerifyFindings:
    """Findings by their keys: of several with one key the one with the smallest input."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, VerifyFinding]] = {}
        self._chosen: dict[str, VerifyFinding] = {}
        self._lock = Lock()

    def add(self, finding: VerifyFinding) -> None:
        """Add a finding, unless there is one of its key and phase with an input that is as small."""
        with self._lock:
            others = self._found.setdefault(finding.key, {})
            other = others.get(finding.phase)
            if other is None or finding.size < other.size:
                others[finding.phase] = finding

    def candidates(self, key: str) -> list[VerifyFinding]:
        """Return the findings of a key, one of each phase, the smallest first."""
        return sorted(self._found[key].values(), key=lambda each: each.size)

    def choose(self, finding: VerifyFinding) -> None:
        """Make a finding the one of its key."""
        self._chosen[finding.key] = finding

    @property
    def new(self) -> list[VerifyFinding]:
        """Findings that are in no baseline."""
        return [each for each in self if not each.is_accepted]

    def __iter__(self) -> Iterator[VerifyFinding]:
        return iter([self._chosen.get(key) or self.candidates(key)[0] for key in sorted(self._found)])

    def __len__(self) -> int:
        return len(self._found)
