"""Commands that repeat a finding, each tried before it is printed."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote, urlsplit

from understudy.control.curl_commands import curl_lines
from understudy.control.exchanges import RedactedExchange
from understudy.control.secrets import NOTHING_SECRET
from understudy.settings import process_environment
from understudy.state.journal import Exchange
from understudy.traffic.decoded_bodies import Undecodable, decoded_body
from understudy.verify.findings import FindingKind, VerifyFinding
from understudy.verify.http_sender import MAX_BODY, HttpSender, NoAnswer
from understudy.verify.observer import Observer, json_of
from understudy.verify.prober import headers_of
from understudy.verify.request_gate import READS, Closed, RequestGate
from understudy.verify.subject import VerifySubject
from understudy.verify.verification import Verification

SECONDS = 30
MAX_TRIED = 200
"""Number of findings whose commands are tried; of more than that, the others say that they were not."""

LEFT_OUT = frozenset((b"accept-encoding", b"x-schemathesis-testcaseid"))
OWN_HEADERS = re.compile(
    r" -H 'user-agent: (?:schemathesis|understudy-verify)[^']*'| -H 'accept: \*/\*'"
    r"| -H User-Agent:| -H Accept:| -H 'user-agent: '"
)
"""Headers that the suite sends of itself; curl's own do as well."""

CUT_OFF = frozenset({18, 52, 56})
"""Exit codes of curl for a response that is cut off, or that does not come."""

STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})[^\r\n]*\r?\n")
ID = "understudy_id"
BY_RESPONSE = frozenset(
    {
        FindingKind.SERVER_ERROR,
        FindingKind.UNDOCUMENTED_STATUS,
        FindingKind.UNDOCUMENTED_MEDIA_TYPE,
        FindingKind.UNDOCUMENTED_HEADER,
        FindingKind.INVALID_HEADER,
        FindingKind.INVALID_RESPONSE_BODY,
    }
)
"""Kinds of findings that the response alone shows."""


def repeat_findings(verification: Verification) -> None:
    """Write the commands of each finding, and try them: the last request alone, else all of them."""
    trial, findings = Trial(verification), verification.findings
    for number, finding in enumerate(findings):
        repeats: bool | None = None
        exchanges: Sequence[Exchange] = finding.exchanges
        chosen = finding
        if not finding.is_accepted and number < MAX_TRIED:
            chosen, exchanges, repeats = trial.choose(findings.candidates(finding.key))
        curl = tuple(trial.commands(exchanges, verification.printed or verification.subject))
        findings.choose(replace(chosen, curl=curl, repeats=repeats, is_accepted=finding.is_accepted))


class Trial:
    """Trial of commands against the subject; of a stand-in of this process, in a world as at the start."""

    def __init__(self, verification: Verification) -> None:
        self._verification = verification
        self._subject: VerifySubject = verification.subject
        self._observer = Observer(self._subject, verification.findings, verification.counts)
        self._has_curl = shutil.which("curl") is not None and shutil.which("sh") is not None

    def choose(self, candidates: Sequence[VerifyFinding]) -> tuple[VerifyFinding, Sequence[Exchange], bool | None]:
        """Return the first of several findings that repeats, the exchanges whose commands do so, and whether one does.

        A stand-in is tried in a world as at the start, then as the run has left it. The budgets hold for trials too:
        once one is spent, it is not known whether a finding repeats.
        """
        try:
            return self._choose(candidates)
        except Closed:
            return candidates[0], candidates[0].exchanges, None

    def _choose(self, candidates: Sequence[VerifyFinding]) -> tuple[VerifyFinding, Sequence[Exchange], bool]:
        fresh = self._verification.fresh
        for finding in candidates:
            if self._verification.gate.is_read_only and any(each.method not in READS for each in finding.exchanges):
                continue
            for is_fresh in [True, False] if fresh else [False]:
                for exchanges in self._attempts(finding):
                    if self._repeats(finding, exchanges, fresh() if fresh and is_fresh else self._subject):
                        return finding, exchanges, True
        return candidates[0], candidates[0].exchanges, False

    def _attempts(self, finding: VerifyFinding) -> list[tuple[Exchange, ...]]:
        """Return what may repeat a finding: the last request alone, but for a finding that is about several, or all."""
        if finding.kind in (FindingKind.LOST_WRITE, FindingKind.NOT_DELETED):
            return [finding.exchanges]
        return list(dict.fromkeys([finding.exchanges[-1:], finding.exchanges]))

    def commands(self, exchanges: Sequence[Exchange], target: VerifySubject) -> Iterator[str]:
        """Yield a command for each exchange, sent to a target; credentials are variables of the environment."""
        made = made_ids(exchanges)
        for number, exchange in enumerate(exchanges):
            moved = self._at(exchange, target)
            hidden, texts = _hide(moved, self._subject.credentials.shell)
            lines = list(curl_lines([RedactedExchange(0, hidden, NOTHING_SECRET)], ""))[1:]
            line = OWN_HEADERS.sub("", lines[0])
            for placeholder, text in texts.items():
                line = line.replace(placeholder, f"'{text}'")
            if number and (made_id := made.get(0)):
                line = _with_variable(line, made_id)
            if number == 0 and len(exchanges) > 1 and made:
                line = f"{ID}=$({line} -s | {_extract(exchange, made[0])})"
            yield line

    def _repeats(self, finding: VerifyFinding, exchanges: Sequence[Exchange], target: VerifySubject) -> bool:
        for exchange in exchanges:
            self._verification.gate.admit(exchange.method)
        again = self._run(exchanges, target) if self._has_curl else self._send(exchanges, target)
        if again is None:
            return finding.kind is FindingKind.NO_ANSWER
        again = again._replace(path=finding.exchanges[-1].path)
        operation = self._observer.operation_of(finding.exchanges[-1])
        if finding.kind in BY_RESPONSE and operation is not None:
            return finding.key in {each.key for each in self._observer.breaches(again, operation, finding.phase)}
        last = finding.exchanges[-1]
        name = finding.place.removeprefix("/")
        is_same = json_of(again.response_body).get(name) == json_of(last.response_body).get(name)
        return again.status == last.status and (finding.kind is not FindingKind.LOST_WRITE or is_same)

    def _run(self, exchanges: Sequence[Exchange], target: VerifySubject) -> Exchange | None:
        """Run the commands, and return the exchange of the last one."""
        *before, last = self.commands(exchanges, target)
        quiet = [each if each.startswith(f"{ID}=") else f"{each} -s -o /dev/null" for each in before]
        script = "\n".join([*quiet, f"{last} -s -i --max-time {SECONDS}"])
        variables = {**process_environment(), **self._verification.variables}
        try:
            ended = subprocess.run(
                ["sh"],  # noqa: S607 - any shell of the user's
                input=script.encode(),
                env=variables,
                capture_output=True,
                timeout=SECONDS * len(exchanges),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        is_cut_off = ended.returncode in CUT_OFF
        return None if is_cut_off else parse_response(ended.stdout, exchanges[-1])

    def _send(self, exchanges: Sequence[Exchange], target: VerifySubject) -> Exchange | None:
        """Send the requests without curl, where there is none."""
        sender = HttpSender(self._subject.name, target.url, RequestGate())
        again: Exchange | None = None
        try:
            for each in (with_credentials(each, self._subject, target) for each in exchanges):
                query = each.query.decode("latin-1")
                place = self._subject.path_below(each.path) + (f"?{query}" if query else "")
                again = sender.send(each.method, place, headers_of(each), each.request_body)
        except NoAnswer:
            return None
        finally:
            sender.close()
        return again

    def _at(self, exchange: Exchange, target: VerifySubject) -> Exchange:
        """Return an exchange as if it had been sent to a target."""
        exchange = with_credentials(exchange, self._subject, target)
        parts = urlsplit(target.url)
        host = parts.netloc.encode()
        headers = [
            (name, host if name == b"host" else value)
            for name, value in exchange.request_headers
            if name not in LEFT_OUT
        ]
        path = parts.path.rstrip("/") + self._subject.path_below(exchange.path)
        return exchange._replace(
            path=path.encode("latin-1"), scheme=parts.scheme, server=parts.netloc, request_headers=headers
        )


def with_credentials(exchange: Exchange, subject: VerifySubject, other: VerifySubject) -> Exchange:
    """Return a request with the credentials of another subject instead of those that it has."""
    headers = list(exchange.request_headers)
    for role in ("", *subject.roles):
        before, after = subject.credentials_of(role).headers, other.credentials_of(role).headers
        changed = {value.encode("latin-1", "replace"): after.get(name, value) for name, value in before.items()}
        headers = [(name, changed[value].encode("latin-1") if value in changed else value) for name, value in headers]
    return exchange._replace(request_headers=headers)


def _hide(exchange: Exchange, shell: Mapping[str, str]) -> tuple[Exchange, dict[str, str]]:
    """Return an exchange with placeholders for its credentials, and the shell's text of each placeholder."""
    texts: dict[str, str] = {}
    headers, query = list(exchange.request_headers), exchange.query
    for number, (value, text) in enumerate(shell.items()):
        placeholder = f"UNDERSTUDYCREDENTIAL{number}X"
        raw, mark = value.encode("latin-1", "replace"), placeholder.encode()
        headers = [(name, each.replace(raw, mark) if raw else each) for name, each in headers]
        query = query.replace(quote(value, safe="").encode(), mark)
        texts[placeholder] = text
    return exchange._replace(request_headers=headers, query=query), texts


def made_ids(exchanges: Sequence[Exchange]) -> dict[int, str]:
    """Return the id that the first of several exchanges has made, if the paths of the later ones have it."""
    if len(exchanges) < 2:
        return {}
    first, *later = exchanges
    values = [str(value) for value in json_of(first.response_body).values() if isinstance(value, str | int)]
    for value in values:
        if value and all(quote(value, safe="").encode() in each.path.split(b"/") for each in later):
            return {0: value}
    return {}


def _with_variable(line: str, made_id: str) -> str:
    """Return a command in which the last occurrence of an id as a segment of the URL is a variable."""
    url = next((word for word in line.split(" ") if "://" in word), "")
    segment = quote(made_id, safe="")
    changed = re.sub(rf"/{re.escape(segment)}(?=[/?'\"]|$)", f"/'\"${ID}\"'", url)
    if not url.startswith("'"):
        changed = f"'{changed}'"
    return line.replace(url, changed.removesuffix("''"), 1)


def _extract(exchange: Exchange, made_id: str) -> str:
    """Return the filter that takes the id from the first response."""
    members = json_of(exchange.response_body)
    name = next(name for name, value in members.items() if isinstance(value, str | int) and str(value) == made_id)
    return f"""sed 's/.*"{name}": *"\\{{0,1\\}}\\([^",}}]*\\).*/\\1/'"""


def parse_response(raw: bytes, exchange: Exchange) -> Exchange | None:
    """Return an exchange with the response that ``curl -i`` has printed; ``None`` if there is none."""
    starts = [found.start() for found in STATUS_LINE.finditer(raw)]
    heads = [(begin, end) for begin, end in pairwise([*starts, len(raw)]) if begin == 0 or raw[:begin].endswith(b"\n")]
    while len(heads) > 1 and raw[heads[0][0] :].split(b" ", 2)[1].startswith(b"1"):
        heads.pop(0)
    if not heads:
        return None
    head, _, body = raw[heads[0][0] :].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    status = STATUS_LINE.match(lines[0] + b"\r\n")
    pairs = [line.partition(b":") for line in lines[1:]]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    try:
        body = decoded_body(headers, body, MAX_BODY)
    except Undecodable:
        return None
    return exchange._replace(status=int(status[1]) if status else 0, response_headers=headers, response_body=body)
