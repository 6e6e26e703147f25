"""Credentials in requests to a user's own vendor, as the development credentials are printed."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from understudy.contract.compiled_operations import Operation


@dataclass(frozen=True, slots=True)
class CredentialPlace:
    """Place of a credential in a request.

    ``where`` is ``header``, ``cookie``, ``query``, or ``authorization`` with the ``scheme`` before the credential.
    ``key`` is the credential's name among the development credentials.
    """

    where: str
    key: str
    name: str = ""
    scheme: str = ""


def credential_places(operation: Operation) -> Iterator[CredentialPlace]:
    """Yield the places of the credentials for the first alternative of an operation."""
    for requirement in next(iter(operation.security), ()):
        node = requirement.node
        if node["type"] == "apiKey":
            yield CredentialPlace(str(node.get("in")), str(node.get("name") or requirement.scheme), node["name"])
            continue
        scheme = str(node.get("scheme", "")).lower() if node["type"] == "http" else "bearer"
        spelt = scheme.capitalize() if scheme in ("basic", "bearer") else scheme
        yield CredentialPlace("authorization", requirement.scheme, "Authorization", spelt)


def signed(operation: Operation, target: str, credentials: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the target of a request, and its headers, with credentials for the first alternative of an operation."""
    headers: dict[str, str] = {}
    for place in credential_places(operation):
        value = credentials.get(place.key, "")
        if place.where == "header":
            headers[place.name] = value
        elif place.where == "cookie":
            headers["Cookie"] = f"{place.name}={value}"
        elif place.where == "query":
            target += f"{'&' if '?' in target else '?'}{quote(place.name)}={quote(value)}"
        elif place.scheme == "Basic":
            pair = f"{credentials.get('username', '')}:{credentials.get('password', '')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            headers["Authorization"] = f"{place.scheme} {value}"
    return target, headers
