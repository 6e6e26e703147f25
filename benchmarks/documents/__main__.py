"""Command: compare stand-ins on the documents of a folder, and write the table.

``python -m benchmarks.documents FOLDER [--rivals NODE_FOLDER] [--write FILE]``; the folder of rivals has the npm
packages of ``contenders.PACKAGES`` installed.
"""

import argparse
import http.client
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from statistics import median

from benchmarks.documents.contenders import Contender, Running, contenders, running
from benchmarks.documents.contract import CONTRADICTION, Contract
from benchmarks.documents.requests import MARK, Request, Requests

MAX_CALLS = 25
"""Operations of one document that are called, evenly spread."""

MAX_PAIRS = 12
"""Pairs of a collection's and an item's path that are tried."""

COLUMNS = (
    "",
    "started",
    "seconds (median)",
    "MB (median, most)",
    "right answers",
    "invalid",
    "undeclared",
    "5xx",
    "none valid",
    "read back",
    "gone",
)

ID = re.compile(rb'"(?:[A-Za-z_]*[iI]d|sid|uuid|gid|username|key|slug|name)"\s*:\s*("[^"]*"|\d+)')


@dataclass
class Result:
    """Counts of one stand-in over all documents."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    megabytes: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Caller:
    """Client of a stand-in, which finds by itself whether paths have the base path before them."""

    def __init__(self, server: Running, prefixes: list[str]) -> None:
        self._port = server.port
        self._prefixes = prefixes
        self.location = b""
        """Location header of the last answer."""

    def send(self, request: Request) -> tuple[int, str, bytes]:
        """Return status, content type and body; of the first prefix whose answer is no unknown path."""
        answer = (0, "", b"")
        for prefix in self._prefixes:
            answer = self._send(prefix + request.target, request)
            if answer[0] not in (0, 404, 405):
                self._prefixes = [prefix, *(each for each in self._prefixes if each != prefix)]
                break
        return answer

    def _send(self, target: str, request: Request) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(request.method.upper(), target or "/", request.body or None, request.headers)
            response = connection.getresponse()
            self.location = response.headers.get("Location", "").encode("latin-1", "replace")
            return response.status, response.headers.get("Content-Type", ""), response.read()
        except (OSError, http.client.HTTPException, ValueError):
            return 0, "", b""
        finally:
            connection.close()


def spread(items: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Return at most so many items, evenly spread."""
    step = max(len(items) / count, 1)
    return [items[int(number * step)] for number in range(min(count, len(items)))]


def pairs(contract: Contract) -> Iterator[tuple[str, str, str]]:
    """Yield the paths of a collection with POST and of its item with GET, and the name of the item's parameter."""
    methods: dict[str, set[str]] = {}
    for method, path, _ in contract.operations():
        methods.setdefault(path, set()).add(method)
    for path, found in methods.items():
        matched = re.fullmatch(r"(.*)/\{([^{}]*)\}(\.[a-z]+)?", path)
        if matched and "get" in found:
            collection = matched[1] + (matched[3] or "")
            if "post" in methods.get(collection, ()):
                yield collection, path, matched[2]


def call_all(contract: Contract, requests: Requests, caller: Caller, result: Result, who: str) -> None:
    """Call operations of a document, and count the right answers."""
    nodes = {(method, path): node for method, path, node in contract.operations()}
    for method, path in spread([*nodes], MAX_CALLS):
        request = requests.to(method, path)
        if request is None:
            continue
        status, media, body = caller.send(request)
        breach = contract.breach(nodes[method, path], status, media, body) if status else "no answer"
        if breach == CONTRADICTION:
            result.counts["contradictions"] += 1
            continue
        result.counts["calls"] += 1
        if not breach:
            result.counts["right"] += 1
        else:
            result.counts["5xx"] += status >= 500
            result.counts["undeclared"] += "declared" in breach
            result.counts["invalid"] += "declared" not in breach
            result.notes.append(f"{who}: {method.upper()} {path}: {status} {breach}")


def read_back(contract: Contract, requests: Requests, caller: Caller, result: Result, who: str) -> None:
    """Create records, read them, delete them, and count which were there and which are gone."""
    nodes = {(method, path): node for method, path, node in contract.operations()}
    for collection, item, parameter in spread_pairs([each for each in pairs(contract) if "{" not in each[0]]):
        schema = contract.success(nodes["get", item])
        names = set() if schema is None else contract.property_names(schema)
        request = requests.to("post", collection, shown=names)
        if request is None or not request.mark:
            result.counts["unreadable"] += 1
            continue
        result.counts["creates"] += 1
        status, _, created = caller.send(request)
        key = _read_key(requests, caller, item, parameter, [created, caller.location, request.body])
        if not 200 <= status < 300 or key is None:
            result.notes.append(f"{who}: POST {collection}: {status} {created[:120]!r} is not read back")
            continue
        result.counts["read back"] += 1
        if ("delete", item) in nodes and (gone := requests.to("delete", item, {parameter: key})):
            caller.send(gone)
            result.counts["deletes"] += 1
            read = requests.to("get", item, {parameter: key})
            result.counts["gone"] += read is not None and caller.send(read)[0] in (404, 410)


def _read_key(requests: Requests, caller: Caller, item: str, parameter: str, texts: list[bytes]) -> str | None:
    """Return the id with which a GET shows the mark: of the answer, the end of its Location, or of the request."""
    named = re.compile(rb'"(?:%s)"\s*:\s*("[^"]*"|\d+)' % re.escape(parameter).encode(), re.IGNORECASE)
    found: list[str] = [
        each.decode().strip('"') for text in texts for each in (*named.findall(text), *ID.findall(text))
    ]
    location = texts[1].decode("latin-1").rstrip("/").rpartition("/")[2]
    for key in dict.fromkeys([*found, *([location] if location else [])]):
        read = requests.to("get", item, {parameter: key})
        if read is not None:
            status, _, body = caller.send(read)
            if status == HTTPStatus.OK and MARK.encode() in body:
                return key
    return None


def spread_pairs(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return at most ``MAX_PAIRS`` pairs, evenly spread."""
    step = max(len(found) / MAX_PAIRS, 1)
    return [found[int(number * step)] for number in range(min(MAX_PAIRS, len(found)))]


def compare(files: list[Path], stand_ins: list[Contender], cache: Path) -> dict[str, Result]:
    """Return the result of each stand-in over the documents."""
    results = {each.name: Result() for each in stand_ins}
    for file in files:
        contract, requests = Contract(file), Requests(file)
        for each in stand_ins:
            result = results[each.name]
            result.counts["documents"] += 1
            with running(each, file, cache) as server:
                if server is None:
                    result.notes.append(f"{file.name}: does not start")
                    continue
                result.counts["started"] += 1
                result.seconds.append(server.seconds)
                caller = Caller(server, list(dict.fromkeys([contract.base_path, ""])))
                call_all(contract, requests, caller, result, file.name)
                read_back(contract, requests, caller, result, file.name)
                result.megabytes.append(server.megabytes)
            print(file.name, each.name, dict(result.counts), flush=True)
    return results


def table(results: dict[str, Result]) -> str:
    """Return the table of the results."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    for name, result in results.items():
        counts = result.counts
        cells = [
            name,
            f"{counts['started']} of {counts['documents']}",
            f"{median(result.seconds):.2f}" if result.seconds else "-",
            f"{median(result.megabytes):.0f}, {max(result.megabytes)}" if result.megabytes else "-",
            f"{counts['right']} of {counts['calls']} ({counts['right'] / max(counts['calls'], 1):.0%})",
            *(str(counts[key]) for key in ("invalid", "undeclared", "5xx", "contradictions")),
            f"{counts['read back']} of {counts['creates']}",
            f"{counts['gone']} of {counts['deletes']}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    unreadable = max(result.counts["unreadable"] for result in results.values())
    return "\n".join(
        [*lines, "", f"Pairs that are left out because the item's GET shows no text of the POST: {unreadable}."]
    )


def main() -> None:
    """Compare, print, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rivals", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", default="", help="part of a document's name")
    parser.add_argument("--notes", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    files = [
        each
        for each in sorted(options.folder.iterdir())
        if each.suffix in (".json", ".yaml") and options.only in each.name
    ]
    with tempfile.TemporaryDirectory() as cache:
        results = compare(files, contenders(options.rivals), Path(cache))
    if options.notes:
        for name, result in results.items():
            print(name, *result.notes, sep="\n  ")
    print(table(results))
    if options.write:
        text = options.write.read_text()
        start, end = "<!-- table -->\n", "<!-- end of table -->"
        options.write.write_text(
            text.partition(start)[0] + start + table(results) + "\n" + end + text.partition(end)[2]
        )


if __name__ == "__main__":
    main()
