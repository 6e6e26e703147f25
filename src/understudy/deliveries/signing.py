"""Signatures and credentials of deliveries: made for what is sent, checked for what is received."""

import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any

from understudy.core.misconfigured import nearest

TOLERANCE_SECONDS = 300
"""Distance between a signed time and the receiver's time, either way, up to which a signature counts as current."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - a secret of Standard Webhooks begins so
WRONG = "-wrong"
"""Text that makes another secret of a secret, for a wrong signature of the right form."""

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
ENCODINGS: Mapping[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "base64": lambda digest: b64encode(digest).decode(),
}
CONTENT_FIELDS = frozenset(("id", "timestamp", "body"))
VALUE_FIELDS = frozenset(("id", "timestamp", "signature"))


class InvalidSigning(ValueError):  # noqa: N818 - a fact about a way of signing
    """Mistake in a way of signing."""


Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Signing:
    """Way of signing; only ``hmac-sha256`` uses the members behind ``secret``.

    ``content`` is the text that is signed and ``value`` that of the ``header``, with ``{id}``, ``{timestamp}``,
    ``{body}`` and ``{signature}`` as places; the time is in seconds since 1970.
    """

    scheme: str
    secret: str
    username: str = ""
    header: str = "X-Signature"
    content: str = "{timestamp}.{body}"
    value: str = "t={timestamp},v1={signature}"
    encoding: str = "hex"
    timestamp_header: str = ""

    def sign(self, message_id: str, timestamp: int, body: bytes, *, is_wrong: bool = False) -> list[tuple[str, str]]:
        """Return the headers for a body; if it ``is_wrong``, those that another secret makes."""
        used = _other_secret(self) if is_wrong else self
        return SCHEMES[self.scheme].headers(used, message_id, timestamp, body)

    def fault_of(self, headers: Headers, body: bytes, now: float | None) -> str | None:
        """Return why headers do not prove that a body came with this secret, or ``None`` if they do.

        ``now`` is the receiver's time in seconds since 1970; ``None`` takes a signature of any time.
        """
        received = {name.lower(): value for name, value in headers}
        return SCHEMES[self.scheme].fault(self, received, body, now)

    @property
    def secret_headers(self) -> frozenset[str]:
        """Names in lower case of the headers whose values give the secret away."""
        return frozenset(("authorization",)) if self.scheme in ("basic", "bearer") else frozenset()


def read_signing(given: Any) -> Signing:
    """Return the way of signing of a scenario's or a request's ``signing``; raise ``InvalidSigning``."""
    if not isinstance(given, Mapping):
        raise InvalidSigning("is no mapping; write scheme and secret")
    scheme = given.get("scheme")
    if not isinstance(scheme, str) or scheme not in SCHEMES:
        raise InvalidSigning(f"{_unknown('scheme', scheme, SCHEMES)}")
    required = SCHEMES[scheme].required
    members = (*required, *SCHEMES[scheme].optional)
    for name, value in given.items():
        if name == "scheme":
            continue
        if name not in members:
            raise InvalidSigning(f"{scheme} has no {name!r}{nearest(str(name), members)} (it has {', '.join(members)})")
        if not isinstance(value, str):
            raise InvalidSigning(f"{name} is no text: write it in quotes")
    for name in required:
        if not given.get(name):
            raise InvalidSigning(f"{scheme} needs a {name}")
    secret = next(given[name] for name in ("secret", "password", "token") if name in given)
    others = {name: value for name, value in given.items() if name not in ("secret", "password", "token")}
    found = Signing(secret=secret, **others)
    _check(found)
    return found


def _unknown(what: str, name: Any, known: Mapping[str, Any]) -> str:
    if name is None:
        return f"needs a {what}: {', '.join(known)}"
    return f"{what} {name!r} is unknown{nearest(str(name), known)} (there are {', '.join(known)})"


def _check(signing: Signing) -> None:
    for name in ("secret", "username", "header", "timestamp_header", "content", "value"):
        text = getattr(signing, name)
        if not text.isprintable() or (name != "secret" and not text.isascii()):
            raise InvalidSigning(f"{name} has characters that no header can have")
    if signing.scheme == "basic" and ":" in signing.username:
        raise InvalidSigning("username has a colon, which ends it")
    if signing.scheme == "standard-webhooks":
        _standard_key(signing)
    if signing.encoding not in ENCODINGS:
        raise InvalidSigning(f"{_unknown('encoding', signing.encoding, ENCODINGS)}")
    for name in ("header", "timestamp_header"):
        if getattr(signing, name) and not HEADER_NAME.fullmatch(getattr(signing, name)):
            raise InvalidSigning(f"{name} {getattr(signing, name)!r} is no name of a header")
    _check_places(signing.content, CONTENT_FIELDS, "body", "content")
    _check_places(signing.value, VALUE_FIELDS, "signature", "value")
    if "{timestamp}" in signing.content and "{timestamp}" not in signing.value and not signing.timestamp_header:
        raise InvalidSigning("content has the timestamp, which no header has; add timestamp_header")
    if "{id}" in signing.content and "{id}" not in signing.value:
        raise InvalidSigning("content has the id, which value has not")


def _check_places(text: str, known: frozenset[str], needed: str, member: str) -> None:
    try:
        parts = [(name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise InvalidSigning(f"{member}: {error}; write a brace as two") from None
    for name, form, conversion in parts:
        if name not in known or form or conversion:
            raise InvalidSigning(
                f"{member}: {{{name}}} is no place{nearest(name, known)} (there are {', '.join(sorted(known))})"
            )
    if needed not in {name for name, _, _ in parts}:
        raise InvalidSigning(f"{member}: {{{needed}}} is missing")


def _other_secret(signing: Signing) -> Signing:
    secret = signing.secret + WRONG
    if signing.scheme == "standard-webhooks":
        secret = SECRET_PREFIX + b64encode(_standard_key(signing) + WRONG.encode()).decode()
    return replace(signing, secret=secret)


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")


def _content(signing: Signing, message_id: str, timestamp: str, body: bytes) -> bytes:
    """Return the bytes that are signed; the body stays as it is, whatever its encoding."""
    parts = [
        (literal.encode(), {"id": message_id.encode(), "timestamp": timestamp.encode(), "body": body, None: b""}[name])
        for literal, name, _, _ in Formatter().parse(signing.content)
    ]
    return b"".join(literal + value for literal, value in parts)


def _hmac_headers(signing: Signing, message_id: str, timestamp: int, body: bytes) -> list[tuple[str, str]]:
    content = _content(signing, message_id, str(timestamp), body)
    signature = ENCODINGS[signing.encoding](_hmac(signing.secret.encode(), content))
    headers = [(signing.header, signing.value.format(id=message_id, timestamp=timestamp, signature=signature))]
    if signing.timestamp_header:
        headers.append((signing.timestamp_header, str(timestamp)))
    return headers


def _hmac_fault(signing: Signing, received: Mapping[str, str], body: bytes, now: float | None) -> str | None:
    header = received.get(signing.header.lower())
    if header is None:
        return f"the header {signing.header} is missing"
    found = _value_pattern(signing.value).fullmatch(header)
    if found is None:
        return f"{signing.header} has not the form {signing.value}"
    places = found.groupdict()
    timestamp = places.get("timestamp") or received.get(signing.timestamp_header.lower(), "")
    if "{timestamp}" in signing.content:
        fault = _time_fault(timestamp, now)
        if fault:
            return fault
    content = _content(signing, places.get("id", ""), timestamp, body)
    expected = ENCODINGS[signing.encoding](_hmac(signing.secret.encode(), content))
    return None if hmac.compare_digest(expected, places["signature"]) else f"{signing.header} has another signature"


def _value_pattern(value: str) -> re.Pattern[str]:
    """Return the pattern of a header's value, with its places as groups; a place that comes again repeats the first."""
    pattern, seen = "", set()
    for literal, name, _, _ in Formatter().parse(value):
        pattern += re.escape(literal)
        if name is not None:
            pattern += (
                f"(?P={name})" if name in seen else f"(?P<{name}>{'[0-9]+' if name == 'timestamp' else '[!-~]+?'})"
            )
            seen.add(name)
    return re.compile(pattern, re.ASCII)


def _time_fault(text: str, now: float | None) -> str | None:
    if not (text.isascii() and text.isdigit()):
        return "the timestamp is missing or no number of seconds"
    distance = 0.0 if now is None else int(text[:20]) - now
    if abs(distance) <= TOLERANCE_SECONDS:
        return None
    return (
        f"the timestamp is {abs(distance):.0f} seconds {'ahead' if distance > 0 else 'old'}: over {TOLERANCE_SECONDS}"
    )


def _standard_key(signing: Signing) -> bytes:
    """Return the key of a secret of Standard Webhooks: what ``whsec_`` precedes is base64."""
    text = signing.secret.removeprefix(SECRET_PREFIX)
    try:
        return b64decode(text, validate=True)
    except (NoBase64, ValueError):
        raise InvalidSigning(f"secret of standard-webhooks is {SECRET_PREFIX} and base64") from None


def _standard_headers(signing: Signing, message_id: str, timestamp: int, body: bytes) -> list[tuple[str, str]]:
    signed = _hmac(_standard_key(signing), f"{message_id}.{timestamp}.".encode() + body)
    return [
        ("webhook-id", message_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", f"v1,{b64encode(signed).decode()}"),
    ]


def _standard_fault(signing: Signing, received: Mapping[str, str], body: bytes, now: float | None) -> str | None:
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if name not in received:
            return f"the header {name} is missing"
    timestamp = received["webhook-timestamp"]
    fault = _time_fault(timestamp, now)
    if fault:
        return fault
    expected = _standard_headers(signing, received["webhook-id"], int(timestamp), body)[2][1]
    signatures = received["webhook-signature"].split(" ")
    is_right = any(hmac.compare_digest(expected.encode(), each.encode()) for each in signatures)
    return None if is_right else "webhook-signature has another signature"


def _basic_headers(signing: Signing, _message_id: str, _timestamp: int, _body: bytes) -> list[tuple[str, str]]:
    text = f"{signing.username}:{signing.secret}".encode()
    return [("Authorization", f"Basic {b64encode(text).decode()}")]


def _bearer_headers(signing: Signing, _message_id: str, _timestamp: int, _body: bytes) -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {signing.secret}")]


def _authorization_fault(signing: Signing, received: Mapping[str, str], body: bytes, _now: float | None) -> str | None:
    header = received.get("authorization")
    if header is None:
        return "the header Authorization is missing"
    name, _, value = header.partition(" ")
    expected = SCHEMES[signing.scheme].headers(signing, "", 0, body)[0][1].partition(" ")
    if name.lower() != expected[0].lower():
        return f"Authorization is not {expected[0]}"
    is_right = hmac.compare_digest(value.strip().encode(), expected[2].encode())
    return None if is_right else "Authorization has other credentials"


@dataclass(frozen=True, slots=True)
class _Scheme:
    """Scheme of signing: the members that it has, the headers that it makes, and the check of received ones."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    headers: Callable[[Signing, str, int, bytes], list[tuple[str, str]]]
    fault: Callable[[Signing, Mapping[str, str], bytes, float | None], str | None]


SCHEMES: Mapping[str, _Scheme] = {
    "hmac-sha256": _Scheme(
        ("secret",), ("header", "content", "value", "encoding", "timestamp_header"), _hmac_headers, _hmac_fault
    ),
    "standard-webhooks": _Scheme(("secret",), (), _standard_headers, _standard_fault),
    "basic": _Scheme(("username", "password"), (), _basic_headers, _authorization_fault),
    "bearer": _Scheme(("token",), (), _bearer_headers, _authorization_fault),
}
"""Schemes by the name that a scenario gives."""
