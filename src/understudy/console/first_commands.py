"""First commands for a server: the credentials, one call, and the journal, in four languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from understudy.console.request_drafts import accepted_examples, draft_of_example, target_of
from understudy.contract.compiled_operations import Operation
from understudy.core.world_names import CONTROL_PATH
from understudy.http.mounted_vendor import MountedVendor

BEARER_KEYS = ("token", "access_token")
"""Names of the credential that is a token in itself."""


TOKEN_IN_PYTHON = '{"Authorization": "Bearer " + os.environ["UNDERSTUDY_TOKEN"]}'  # noqa: S105 - code


@dataclass(frozen=True, slots=True)
class FirstCall:
    """Call that a client makes first: a target below the vendor's path, and the header with a credential.

    ``header`` is empty for a call without credentials; ``scheme`` stands before the credential.
    """

    vendor: str
    operation: str
    target: str
    is_foreign: bool
    header: str = ""
    scheme: str = ""
    credential: str = ""


def first_call(vendors: Mapping[str, MountedVendor], credentials: Mapping[str, Mapping[str, Any]]) -> FirstCall | None:
    """Return the shortest call that reads something with one known credential, or ``None`` if there is none."""
    found = [
        call
        for name, mounted in vendors.items()
        for operation in mounted.operations
        if operation.method == "get" and (call := _call(mounted, operation, credentials.get(name, {}))) is not None
    ]
    return min(found, key=lambda call: (not call.header, len(call.target)), default=None)


def _call(mounted: MountedVendor, operation: Operation, credentials: Mapping[str, Any]) -> FirstCall | None:
    if any(each.is_required and each.where != "query" for each in operation.parameters):
        return None
    accepted = accepted_examples(mounted.document, operation)
    if any(each.is_required for each in operation.parameters) and not accepted:
        return None
    draft = draft_of_example(mounted.document, operation, accepted[0] if accepted else "")
    target = target_of(operation, draft.texts)
    name, is_foreign = mounted.vendor.name, mounted.document.is_foreign
    if not operation.security:
        return FirstCall(name, operation.id, target, is_foreign)
    for header, scheme, credential in _credentials(operation, credentials):
        return FirstCall(name, operation.id, target, is_foreign, header, scheme, credential)
    return None


def _credentials(operation: Operation, known: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the header, its scheme and the credential's name for each alternative that one credential opens."""
    for alternative in operation.security:
        if len(alternative) != 1:
            continue
        node, scheme = alternative[0].node, alternative[0].scheme
        if node["type"] == "apiKey" and node.get("in") == "header":
            header = str(node["name"])
            yield from ((header, "", key) for key in known if _plain(header).endswith(_plain(key)))
        elif node["type"] == "http" and str(node.get("scheme", "")).lower() == "bearer":
            yield from (("Authorization", "Bearer ", key) for key in (scheme, *BEARER_KEYS) if key in known)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def first_commands(call: FirstCall, root: str, world: str, *, has_token: bool) -> Sequence[tuple[str, str]]:
    """Return the commands for each client, by the client's name; credentials are asked for, not written."""
    control = f"{root}{CONTROL_PATH}/worlds/{world}"
    return [
        ("curl", _curl(call, root, world, control, has_token=has_token)),
        ("Python", _python(call, root, control, has_token=has_token)),
        ("JavaScript", _javascript(call, root, control, has_token=has_token)),
        ("pytest", _pytest(call, root)),
    ]


def _curl(call: FirstCall, root: str, world: str, control: str, *, has_token: bool) -> str:
    name = _constant(call.vendor)
    value = f"{call.scheme}$UNDERSTUDY_{name}_{_constant(call.credential)}"
    header = f' \\\n  -H "{call.header}: {value}"' if call.header else ""
    token = ' -H "Authorization: Bearer $UNDERSTUDY_TOKEN"' if has_token else ""
    return (
        f'eval "$(UNDERSTUDY_URL={root} understudy env --world {world})"\n'
        f'curl -s "$UNDERSTUDY_{name}_URL{_in_shell(call.target)}"{header}\n'
        f"curl -s {control}/journal{token}\n"
    )


def _python(call: FirstCall, root: str, control: str, *, has_token: bool) -> str:
    client = f"httpx.Client(headers={TOKEN_IN_PYTHON})" if has_token else "httpx"
    headers = f", headers={{{dumps(call.header)}: {_joined(call, _subscript(call))}}}" if call.header else ""
    lines = ["import os", ""] if has_token else []
    return "\n".join(
        [
            *lines,
            "import httpx",
            "",
            f"control = {client}",
            f'found = control.get("{control}/credentials").json()',
            f'[api] = [each for each in found if each["vendor"] == {dumps(call.vendor)}]',
            f'print(httpx.get({dumps(root)} + api["path"] + {dumps(call.target)}{headers}).json())',
            f'print(control.get("{control}/journal").json())',
            "",
        ]
    )


def _javascript(call: FirstCall, root: str, control: str, *, has_token: bool) -> str:
    token = ", { headers: { Authorization: `Bearer ${process.env.UNDERSTUDY_TOKEN}` } }" if has_token else ""
    credential = f"api.credentials[{dumps(call.credential)}]"
    headers = f", {{ headers: {{ {dumps(call.header)}: {_joined(call, credential)} }} }}" if call.header else ""
    return (
        f"const control = (path) => fetch({dumps(control)} + path{token}).then((answer) => answer.json());\n"
        f'const api = (await control("/credentials")).find((each) => each.vendor === {dumps(call.vendor)});\n'
        f"const answer = await fetch({dumps(root)} + api.path + {dumps(call.target)}{headers});\n"
        'console.log(await answer.json(), await control("/journal"));\n'
    )


def _pytest(call: FirstCall, root: str) -> str:
    own = "understudy" if call.is_foreign else call.vendor
    opened = [f"    vendor = understudy.vendor({dumps(call.vendor)})"] if call.is_foreign else []
    vendor = "vendor" if call.is_foreign else call.vendor
    headers = (
        f", headers={{{dumps(call.header)}: {_joined(call, f'{vendor}.credentials[{dumps(call.credential)}]')}}}"
        if call.header
        else ""
    )
    return "\n".join(
        [
            f"# pytest -o understudy_url={root}",
            "import httpx",
            "",
            "",
            f"def test_the_api_answers({own}):",
            *opened,
            f"    answer = httpx.get({vendor}.url + {dumps(call.target)}{headers})",
            "",
            "    assert answer.status_code == 200",
            f"    assert len({vendor}.calls({dumps(call.operation)})) == 1",
            "",
        ]
    )


def _subscript(call: FirstCall) -> str:
    return f'api["credentials"][{dumps(call.credential)}]'


def _joined(call: FirstCall, credential: str) -> str:
    return f"{dumps(call.scheme)} + {credential}" if call.scheme else credential


def _constant(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())


def _in_shell(text: str) -> str:
    return re.sub(r'([\\$`"])', r"\\\1", text)
