"""Suite over one or more subjects: chosen by options, verified in turn, with findings repeated and baseline applied."""

import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import urlsplit

from understudy.app import Understudy, create_app
from understudy.client.http_client import Unreachable
from understudy.contract.compiled_operations import Operation
from understudy.control.secrets import looks_secret
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import Settings, process_environment
from understudy.verify.baseline import Baseline
from understudy.verify.credentials import Credentials, credentials_from
from understudy.verify.example_replays import FreshSubject
from understudy.verify.http_sender import check_url
from understudy.verify.repeats import repeat_findings
from understudy.verify.request_gate import RequestGate
from understudy.verify.schemathesis_run import FuzzOptions
from understudy.verify.stand_in import alternating_minutes, served, stand_in_subject
from understudy.verify.subject import VerifySubject, required_headers
from understudy.verify.verification import Progress, Verification

HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)")
RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)/(s|m|h)")
SECONDS = {"s": 1, "m": 60, "h": 3600}
NOT_FOUND = 404
REFUSED_STATUSES = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class SuiteOptions:
    """Options of the suite. ``url`` is empty for stand-ins of this process; ``rate`` is in requests a second."""

    fuzz: FuzzOptions
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    rate: float = 0.0
    requests: int | None = None
    seconds: float | None = None
    is_read_only: bool = False
    operations: tuple[str, ...] = ()
    baseline: Baseline = field(default_factory=Baseline)


def parse_headers(lines: Sequence[str]) -> dict[str, str]:
    """Return headers from lines such as ``Name: value``; raise ``Misconfigured`` for what is none."""
    found = {}
    for line in lines:
        match = HEADER.fullmatch(line)
        if match is None:
            name = line.partition(":")[0]
            raise Misconfigured(f"--header {name!r}: write a header as 'Name: value'")
        found[match[1]] = match[2].strip()
    return found


def parse_rate(text: str) -> float:
    """Return the requests a second of a text such as ``10/s``; raise ``Misconfigured`` for what is none."""
    match = RATE.fullmatch(text)
    if match is None or not float(match[1]):
        raise Misconfigured(f"--rate-limit {text!r}: write requests by time, such as 10/s, 100/m or 1000/h")
    return float(match[1]) / SECONDS[match[2]]


def run_suite(settings: Settings, options: SuiteOptions, progress: Progress, done: list[Verification]) -> None:
    """Verify each subject, and append it to ``done``; raise ``Misconfigured`` for options that do not fit."""
    understudy = create_app(settings)
    vendors = list(understudy.vendors.values())
    if options.url and len(vendors) != 1:
        raise Misconfigured(f"--url needs one document: name one of {', '.join(understudy.vendors)}")
    chosen = _chosen(vendors, options.operations)
    gate = RequestGate(
        options.requests,
        options.seconds,
        options.rate,
        is_read_only=options.is_read_only,
        is_paced=bool(options.url),
    )
    with ExitStack() as stack:
        root = "" if options.url else stack.enter_context(served(understudy))
        for vendor in vendors:
            operations = chosen[vendor.document.name]
            if not operations:
                continue
            with _verification(understudy, vendor, operations, root, gate, options) as each:
                done.append(each)
                each.run(progress)
                options.baseline.apply(each.findings)
                _repeat(each)
            _check_admission(each)
            if each.is_interrupted:
                return


def _repeat(each: Verification) -> None:
    """Try the commands of the findings, unless the run is interrupted."""
    try:
        if not each.is_interrupted:
            repeat_findings(each)
    except KeyboardInterrupt:
        each.is_interrupted = True


def _chosen(vendors: Sequence[MountedVendor], names: Sequence[str]) -> dict[str, tuple[Operation, ...]]:
    """Return the operations of each vendor that are to be verified; raise ``Misconfigured`` for an unknown name."""
    known = {operation.id for vendor in vendors for operation in vendor.operations}
    for name in names:
        if name not in known:
            raise Misconfigured(f"--operation {name!r}: no operation has this id{nearest(name, known)}")
    return {
        vendor.document.name: tuple(each for each in vendor.operations if not names or each.id in names)
        for vendor in vendors
    }


@contextmanager
def _verification(
    understudy: Understudy,
    vendor: MountedVendor,
    operations: tuple[Operation, ...],
    root: str,
    gate: RequestGate,
    options: SuiteOptions,
) -> Iterator[Verification]:
    """Yield the verification of a vendor's stand-in, or of a server by its URL."""
    if options.url:
        variables = {variable_of(name): value for name, value in options.headers.items() if _is_secret(name)}
        yield Verification(_remote(vendor, options), operations, gate, options.fuzz, variables=variables)
        return
    name = vendor.document.name
    world = understudy.worlds.get_or_create(f"verify-{name}")
    subject = stand_in_subject(understudy, vendor, root, world)
    main = stand_in_subject(understudy, vendor, root, understudy.worlds.get_or_create())
    printed = replace(main, url=main.printed_url)
    fresh = _fresh_worlds(understudy, vendor, root)
    with alternating_minutes(world.clock):
        yield Verification(
            replace(subject, given_headers=options.headers),
            operations,
            gate,
            options.fuzz,
            fresh=fresh,
            printed=printed,
        )


def _fresh_worlds(understudy: Understudy, vendor: MountedVendor, root: str) -> FreshSubject:
    """Return a function that makes a world as at the start, and returns the vendor in it."""
    numbers = count()

    def fresh() -> VerifySubject:
        number = next(numbers)
        if number:
            understudy.worlds.delete(f"verify-{vendor.document.name}-{number - 1}")
        world = understudy.worlds.get_or_create(f"verify-{vendor.document.name}-{number}")
        return stand_in_subject(understudy, vendor, root, world)

    return fresh


def _remote(vendor: MountedVendor, options: SuiteOptions) -> VerifySubject:
    """Return the server at the URL of the options; raise ``Misconfigured`` if none is there."""
    url = check_url(options.url)
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        with socket.create_connection((parts.hostname or "", port), timeout=10) as connection:
            if parts.scheme == "https":
                ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname).close()
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or (error.reason or str(error)).replace("_", " ").lower()
        raise Unreachable(f"no TLS with {url}: {why} (SSL_CERT_FILE names further authorities)") from None
    except OSError as error:
        raise Unreachable(f"no server answers at {url} ({(error.strerror or str(error)).lower()})") from None
    found = credentials_from(vendor.document, process_environment())
    return VerifySubject(
        vendor.document,
        vendor.operations,
        url,
        url,
        _with_headers(found, options.headers),
        required_headers(vendor.document, vendor.operations),
        _others(options.headers),
    )


def _with_headers(found: Credentials, headers: Mapping[str, str]) -> Credentials:
    """Return credentials with the headers of the command line that hold some; a shell takes these from variables."""
    secret = {name: value for name, value in headers.items() if _is_secret(name)}
    names = {name.lower() for name in secret}
    kept = {name: value for name, value in found.headers.items() if name.lower() not in names}
    variables = {value: f'"${variable_of(name)}"' for name, value in secret.items()}
    missing = {} if "authorization" in names or secret else found.missing
    return replace(found, headers={**kept, **secret}, shell={**found.shell, **variables}, missing=missing)


def variable_of(header: str) -> str:
    """Return the name of the shell's variable that stands for a header of the command line."""
    return "HEADER_" + re.sub(r"[^A-Z0-9]", "_", header.upper())


def _is_secret(name: str) -> bool:
    return name.lower() in ("authorization", "cookie", "proxy-authorization") or looks_secret(name)


def _others(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not _is_secret(name)}


def _check_admission(each: Verification) -> None:
    """Raise ``Misconfigured`` if no request got past routes or the check of credentials: nothing was verified."""
    statuses = {status for reached in each.counts.by_id.values() for status in reached.statuses}
    fixed = [reached for reached in each.counts.by_id.values() if "{" not in reached.operation.path]
    if statuses == {NOT_FOUND} and any(reached.statuses for reached in fixed) and not each.is_interrupted:
        raise Misconfigured(
            f"{each.subject.url} answers every request with 404: is it the base of the document's paths, such as "
            f"{fixed[0].operation.path}?"
        )
    needs = all(operation.security and all(operation.security) for operation in each.operations)
    if statuses and needs and not any(status < 300 for status in statuses) and statuses & REFUSED_STATUSES:
        names = ", ".join(each.subject.credentials.missing.values())
        wanted = f"set {names}, or give --header" if names else "the credentials that are set are refused"
        raise Misconfigured(f"{each.subject.url} refuses every request for its credentials: {wanted}")
