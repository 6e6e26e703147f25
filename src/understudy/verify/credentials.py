"""Credentials of a subject: values from environment variables, for the security schemes of its document."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from understudy.contract.document import Document

PAIRS = (("USERNAME", "PASSWORD"), ("CLIENT_ID", "CLIENT_SECRET"), ("KEY", "SECRET"))
"""Names of the two values of HTTP Basic, as ``understudy env`` prints them."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials as they are sent, by the names of headers, query parameters and cookies.

    ``shell`` has, by value, the text that stands for it in a command: a shell reads it from the environment.
    ``missing`` has, by the name of a security scheme without credentials, the variables that would give them.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    shell: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def sent_headers(self) -> dict[str, str]:
        """Headers with the cookies, as one header."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**self.headers, **({"Cookie": cookie} if cookie else {})}


NO_CREDENTIALS = Credentials()


def credentials_from(document: Document, variables: Mapping[str, str]) -> Credentials:
    """Return the credentials that variables such as ``UNDERSTUDY_ACME_TOKEN`` hold for a document's schemes."""
    found: dict[str, dict[str, str]] = {"header": {}, "query": {}, "cookie": {}}
    shell: dict[str, str] = {}
    missing: dict[str, str] = {}
    prefix = f"UNDERSTUDY_{_constant(document.name)}_"
    for name, node in document.raw.get("components", {}).get("securitySchemes", {}).items():
        if _is_basic(node):
            _add_basic(variables, prefix, found["header"], shell) or missing.update({name: _pair_names(prefix)})
            continue
        wanted = [prefix + each for each in dict.fromkeys(_names(name, node))]
        variable = next((each for each in wanted if variables.get(each)), None)
        if variable is None:
            missing[name] = wanted[0]
            continue
        value = variables[variable]
        shell[value] = f'"${variable}"'
        if node.get("type") == "apiKey":
            found[node["in"]].setdefault(node["name"], value)
        else:
            scheme = "Bearer" if node.get("type") != "http" else node.get("scheme", "bearer").capitalize()
            found["header"].setdefault("Authorization", f"{scheme} {value}")
    return Credentials(found["header"], found["query"], found["cookie"], shell, missing)


def _add_basic(variables: Mapping[str, str], prefix: str, headers: dict[str, str], shell: dict[str, str]) -> bool:
    for first, second in PAIRS:
        user, password = variables.get(prefix + first), variables.get(prefix + second)
        if user and password:
            value = b64encode(f"{user}:{password}".encode()).decode()
            shell[value] = f'"$(printf %s "${prefix}{first}:${prefix}{second}" | base64 | tr -d \'\\n\')"'
            headers.setdefault("Authorization", f"Basic {value}")
            return True
    return False


def _pair_names(prefix: str) -> str:
    first, second = PAIRS[0]
    return f"{prefix}{first} and {prefix}{second}"


def _names(name: str, node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names under which ``understudy env`` prints a scheme's value, after the vendor's prefix."""
    if node.get("type") == "apiKey":
        yield _constant(node["name"])
    yield _constant(name)
    yield "API_KEY" if node.get("type") == "apiKey" else "TOKEN"


def _constant(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())


def _is_basic(node: Mapping[str, Any]) -> bool:
    return node.get("type") == "http" and str(node.get("scheme", "")).lower() == "basic"
