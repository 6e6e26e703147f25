"""Authentication by the spec's security schemes: credentials are read from a request's headers and checked."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.contract.compiled_operations import Operation, SecurityRequirement
from understudy.core.caller import BasicCredentials, Caller
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Cause, Refused
from understudy.core.vendor import Vendor
from understudy.state.vendor_state import VendorState

Headers = Mapping[bytes, bytes]
Read = Callable[[Headers], Any]

ANONYMOUS = Caller("someone")
DECIDES = "x-decides"
"""Key of a security scheme whose credential, once shown, decides alone."""


def read_basic(headers: Headers) -> BasicCredentials | None:
    """Return the user name and password of a well-formed HTTP Basic header, or ``None``.

    A text without a colon is a name without a password, as some clients and pages write it.
    """
    scheme, _, encoded = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        text = b64decode(encoded.strip(), validate=True).decode()
    except (NotBase64, ValueError):
        return None
    username, _, password = text.partition(":")
    return BasicCredentials(username, password) if text else None


def read_bearer(headers: Headers) -> str | None:
    """Return the token of a Bearer header, or ``None``."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    return token.strip().decode("latin-1") or None


def read_header(name: str) -> Read:
    """Return a function that reads an API key from the header of this name."""
    wanted = name.lower().encode()

    def read(headers: Headers) -> str | None:
        return headers.get(wanted, b"").strip().decode("latin-1") or None

    return read


def credential_reader(requirement: SecurityRequirement, vendor: str) -> tuple[Read, str]:
    """Return a function that reads a requirement's credential, and the challenge of a 401 (empty: none)."""
    node = requirement.node
    match node["type"], node.get("scheme", "").lower() or node.get("in", ""):
        case "http", "basic":
            return read_basic, f'Basic realm="{vendor}"'
        case ("http", "bearer") | ("oauth2" | "openIdConnect", _):
            return read_bearer, f'Bearer realm="{vendor}"'
        case "apiKey", "header":
            return read_header(node["name"]), ""
    raise Misconfigured(f"{vendor}: security scheme {requirement.scheme!r} is of a kind that is not understood")


@dataclass(frozen=True, slots=True)
class _Check:
    read: Read
    recognise: Callable[[VendorState, Any], Caller | None]
    scopes: frozenset[str]
    decides: bool


class Authenticator:
    """Security check of one operation, compiled from its alternative requirements.

    A scheme with ``x-decides: true`` decides alone once a request shows a credential of it: the other alternatives are
    not tried, but for an empty one, which needs no credential.
    """

    __slots__ = ("_alternatives", "_deciding", "_headers", "_left_by_deciding")

    def __init__(self, operation: Operation, vendor: Vendor, *, is_strict: bool) -> None:
        """Compile the requirements; unless ``is_strict``, an unknown but well-formed credential is accepted too."""
        challenges: list[str] = []
        self._alternatives: list[tuple[list[_Check], frozenset[str]]] = []
        for alternative in operation.security:
            checks = []
            for requirement in alternative:
                read, challenge = credential_reader(requirement, vendor.name)
                challenges.append(challenge)
                checks.append(
                    _Check(
                        read,
                        _check_function(requirement, vendor, is_strict=is_strict),
                        requirement.scopes,
                        bool(requirement.node.get(DECIDES)),
                    )
                )
            self._alternatives.append((checks, frozenset().union(*(check.scopes for check in checks))))
        self._deciding = [check.read for checks, _ in self._alternatives for check in checks if check.decides]
        self._left_by_deciding = [
            (checks, scopes)
            for checks, scopes in self._alternatives
            if not checks or any(check.decides for check in checks)
        ]
        challenge_header = ", ".join(dict.fromkeys(filter(None, challenges)))
        self._headers = {"WWW-Authenticate": challenge_header} if challenge_header else {}

    def authenticate(self, state: VendorState, headers: Headers) -> Caller:
        """Return the caller; raise ``Refused``: 401 for no valid credentials, 403 for a caller without the scopes."""
        known: Caller | None = None
        lacking: frozenset[str] = frozenset()
        alternatives = self._alternatives
        if self._deciding and any(read(headers) is not None for read in self._deciding):
            alternatives = self._left_by_deciding
        for checks, scopes in alternatives:
            caller = _caller(checks, state, headers)
            if caller is None:
                continue
            if not scopes or scopes <= caller.scopes or caller.is_anyone:
                return caller
            known, lacking = caller, lacking | (scopes - caller.scopes)
        if known is not None:
            raise Refused(403, f"{known.name} lacks the scope {' or '.join(sorted(lacking))}", cause=Cause.CREDENTIALS)
        raise Refused(401, "no valid credentials", headers=self._headers, cause=Cause.CREDENTIALS)


def _caller(checks: list[_Check], state: VendorState, headers: Headers) -> Caller | None:
    caller: Caller | None = ANONYMOUS
    for check in checks:
        credential = check.read(headers)
        caller = None if credential is None else check.recognise(state, credential)
        if caller is None:
            return None
    return caller


def _check_function(
    requirement: SecurityRequirement, vendor: Vendor, *, is_strict: bool
) -> Callable[[VendorState, Any], Caller | None]:
    known = vendor.security.get(requirement.scheme)
    anyone = vendor.anyone or (lambda _state: Caller("anyone", is_anyone=True))
    if known is None:
        return lambda state, _credential: anyone(state)
    if is_strict:
        return known
    return lambda state, credential: known(state, credential) or anyone(state)
