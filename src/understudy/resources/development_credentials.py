"""Development credentials of a foreign document: one value for each of its security schemes."""

from collections.abc import Callable, Mapping
from typing import Any

from understudy.contract.document import Document
from understudy.core.caller import BasicCredentials, Caller
from understudy.core.vendor import CredentialCheck

USERNAME, PASSWORD = "developer", "understudy"


def development_credentials(document: Document) -> dict[str, str]:
    """Return the values that are accepted, by the names under which they are printed."""
    found: dict[str, str] = {}
    for name, node in _schemes(document):
        if _is_basic(node):
            found |= {"username": USERNAME, "password": PASSWORD}
        else:
            found[_shown_name(name, node)] = _value(document, name)
    return found


def credential_checks(document: Document) -> dict[str, CredentialCheck]:
    """Return the check of each security scheme: only the development credentials are known."""
    return {name: _check(wanted) for name, wanted in credentials_by_scheme(document).items()}


def credentials_by_scheme(document: Document) -> dict[str, BasicCredentials | str]:
    """Return the credential that each security scheme takes: a user name and password, or a text."""
    return {name: _wanted(document, name, node) for name, node in _schemes(document)}


def _schemes(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    return list(document.raw.get("components", {}).get("securitySchemes", {}).items())


def _wanted(document: Document, name: str, node: Mapping[str, Any]) -> BasicCredentials | str:
    return BasicCredentials(USERNAME, PASSWORD) if _is_basic(node) else _value(document, name)


def _check(wanted: Any) -> Callable[[Any, Any], Caller | None]:
    return lambda _state, credential: Caller("developer") if credential == wanted else None


def _is_basic(node: Mapping[str, Any]) -> bool:
    return node.get("type") == "http" and node.get("scheme") == "basic"


def _shown_name(name: str, node: Mapping[str, Any]) -> str:
    return str(node["name"]) if node.get("type") == "apiKey" else name


def _value(document: Document, name: str) -> str:
    return f"{document.name}-{name}-development"
