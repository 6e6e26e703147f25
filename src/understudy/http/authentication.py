"""Who is asking: credentials read from a request's headers as the spec's security schemes say."""

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


def read_basic(headers: Headers) -> BasicCredentials | None:
    """Return the user name and password of an HTTP Basic header, if there is a well-formed one."""
    scheme, _, encoded = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        username, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        return None
    return BasicCredentials(username, password) if colon else None


def read_bearer(headers: Headers) -> str | None:
    """Return the token of a Bearer header, if there is one."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    return token.strip().decode("latin-1") or None


def read_header(name: str) -> Read:
    """Return a reader of a key in a header of this name."""
    wanted = name.lower().encode()

    def read(headers: Headers) -> str | None:
        return headers.get(wanted, b"").strip().decode("latin-1") or None

    return read


def credential_reader(requirement: SecurityRequirement, vendor: str) -> tuple[Read, str]:
    """Return how a requirement's credential is read, and the challenge that a 401 names (or nothing)."""
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


class Authenticator:
    """The security check of one operation, compiled from its alternatives."""

    __slots__ = ("_alternatives", "_headers")

    def __init__(self, operation: Operation, vendor: Vendor, *, is_strict: bool) -> None:
        """Take who may call; unless strict, a well-formed credential that nobody knows is taken too."""
        challenges: list[str] = []
        self._alternatives: list[tuple[list[_Check], frozenset[str]]] = []
        for alternative in operation.security:
            checks = []
            for requirement in alternative:
                read, challenge = credential_reader(requirement, vendor.name)
                challenges.append(challenge)
                checks.append(_Check(read, _recogniser(requirement, vendor, is_strict=is_strict), requirement.scopes))
            self._alternatives.append((checks, frozenset().union(*(check.scopes for check in checks))))
        said = ", ".join(dict.fromkeys(filter(None, challenges)))
        self._headers = {"WWW-Authenticate": said} if said else {}

    def authenticate(self, world: VendorState, headers: Headers) -> Caller:
        """Return who is asking, or raise the refusal: 401 for nobody we know, 403 for one who may not."""
        known: Caller | None = None
        lacking: frozenset[str] = frozenset()
        for checks, scopes in self._alternatives:
            caller = _caller(checks, world, headers)
            if caller is None:
                continue
            if not scopes or scopes <= caller.scopes or caller.is_anyone:
                return caller
            known, lacking = caller, lacking | (scopes - caller.scopes)
        if known is not None:
            raise Refused(403, f"{known.name} lacks the scope {' or '.join(sorted(lacking))}", cause=Cause.CREDENTIALS)
        raise Refused(401, "no valid credentials", headers=self._headers, cause=Cause.CREDENTIALS)


def _caller(checks: list[_Check], world: VendorState, headers: Headers) -> Caller | None:
    caller: Caller | None = ANONYMOUS
    for check in checks:
        credential = check.read(headers)
        caller = None if credential is None else check.recognise(world, credential)
        if caller is None:
            return None
    return caller


def _recogniser(
    requirement: SecurityRequirement, vendor: Vendor, *, is_strict: bool
) -> Callable[[VendorState, Any], Caller | None]:
    known = vendor.security.get(requirement.scheme)
    anyone = vendor.anyone or (lambda _world: Caller("anyone", is_anyone=True))
    if known is None:
        return lambda world, _credential: anyone(world)
    if is_strict:
        return known
    return lambda world, credential: known(world, credential) or anyone(world)
