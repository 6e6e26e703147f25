"""Credentials in requests to a user's own vendor, as the development credentials are printed."""

from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import quote

from understudy.contract.compiled_operations import Operation


def signed(operation: Operation, target: str, credentials: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the target of a request, and its headers, with credentials for the first alternative of an operation."""
    headers: dict[str, str] = {}
    for requirement in next(iter(operation.security), ()):
        node = requirement.node
        value = credentials.get(str(node.get("name") or requirement.scheme), "")
        match node["type"], node.get("in") or str(node.get("scheme")).lower():
            case "apiKey", "header":
                headers[node["name"]] = value
            case "apiKey", "cookie":
                headers["Cookie"] = f"{node['name']}={value}"
            case "apiKey", _:
                target += f"{'&' if '?' in target else '?'}{quote(node['name'])}={quote(value)}"
            case "http", "basic":
                pair = f"{credentials.get('username', '')}:{credentials.get('password', '')}"
                headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
            case "http", scheme if scheme != "bearer":
                headers["Authorization"] = f"{scheme} {value}"
            case _:
                headers["Authorization"] = f"Bearer {value}"
    return target, headers
