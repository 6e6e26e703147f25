"""Probes of credentials: requests that were accepted are sent again without them, and with wrong ones."""

from collections.abc import Iterable, Iterator

from understudy.contract.compiled_operations import Operation
from understudy.verify.credentials import NO_CREDENTIALS, Credentials
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import NoAnswer
from understudy.verify.prober import Prober
from understudy.verify.request_gate import READS

CHECK = "ignored_auth"
"""Name of the check, with which ``x-checks`` excludes an operation, with the reason."""

WRONG = "understudy-wrong-credential"


def probe_credentials(prober: Prober, operations: Iterable[Operation]) -> None:
    """Repeat an accepted request of each operation that needs credentials, without and with wrong ones."""
    for operation in operations:
        accepted = prober.observer.accepted.get(operation.id)
        needs = bool(operation.security) and all(operation.security) and CHECK not in operation.node.get("x-checks", {})
        is_barred = prober.gate.is_read_only and operation.method.upper() not in READS
        if accepted is None or not needs or is_barred:
            continue
        for shown, credentials in _wrong(operation, prober.subject.credentials):
            try:
                exchange = prober.repeat(accepted, credentials)
            except NoAnswer:
                continue
            if exchange.status < 300:
                message = f"{operation.method.upper()} {operation.path} answers {exchange.status} {shown}"
                prober.add(FindingKind.IGNORED_CREDENTIALS, operation, "", message, exchange)
                break


def _wrong(operation: Operation, usual: Credentials) -> Iterator[tuple[str, Credentials]]:
    yield "without credentials", NO_CREDENTIALS
    headers, query, cookies = dict[str, str](), dict[str, str](), dict[str, str]()
    for requirement in operation.security[0]:
        node = requirement.node
        if node.get("type") == "apiKey":
            {"header": headers, "query": query, "cookie": cookies}[node["in"]][node["name"]] = WRONG
        else:
            scheme = usual.headers.get("Authorization", "Bearer ").partition(" ")[0]
            headers["Authorization"] = f"{scheme} {WRONG if scheme != 'Basic' else 'd3Jvbmc6d3Jvbmc='}"
    yield "with wrong credentials", Credentials(headers, query, cookies)
