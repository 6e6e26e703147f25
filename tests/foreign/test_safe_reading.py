"""Documents of strangers: their references stay where they may, their sizes are bounded, and mistakes are one line."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.foreign.own_documents import document, findings, load, with_schema, write
from understudy.contract.foreign import document_files, fetching, yaml_values
from understudy.contract.foreign.document_files import find_entries
from understudy.contract.foreign.loading import load_foreign
from understudy.core.misconfigured import Misconfigured

Pages = Mapping[str, tuple[int, Mapping[str, str], bytes]]


@contextmanager
def pages(found: dict[str, tuple[int, Mapping[str, str], bytes]]) -> Iterator[str]:
    """Serve pages by path on a free port, and return the server's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = found.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(content: Any) -> tuple[int, Mapping[str, str], bytes]:
    """Return a page with a JSON text."""
    return 200, {}, json.dumps(content).encode()


def redirection(target: str) -> tuple[int, Mapping[str, str], bytes]:
    """Return a page that redirects."""
    return 302, {"Location": target}, b""


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "an empty file"),
        (b"  \n", "an empty file"),
        (b"# nothing but a comment\n", "a file of comments alone"),
        (b"<!DOCTYPE html>\n<html><body>Sign in: <a href=x></body></html>", "an HTML page"),
        (b"<?xml version='1.0'?><definitions/>", "an XML document"),
        (b"[1, 2]", "a list, and no object"),
        (b"- a\n- b\n", "a list, and no object"),
        (b"just words", "a text, and no object"),
        (b"42", "a text, and no object"),
        (b"{}", "an empty object"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"PK\x03\x04 something", "a ZIP archive"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\x00\x01\x02\x03", "a binary file"),
        (b"\xff\xd9\x00\xde\x00\x00", "a binary file, or a text that is not UTF-8"),
        (b'{"info": {"_postman_id": "x", "name": "x"}, "item": []}', "a Postman collection"),
        (b"asyncapi: 2.6.0\ninfo: {title: x}\nchannels: {}\n", "an AsyncAPI document"),
        (b"type Query {\n  me: User\n}\n", "a GraphQL schema"),
        (b'{"data": {"__schema": {}}}', "the answer of an API, or a GraphQL schema"),
        (b"#%RAML 1.0\ntitle: x\n", "a RAML document"),
        (b'syntax = "proto3";\n', "a Protocol Buffers file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS"),
        (b'{"swaggerVersion": "1.2", "apis": []}', "a document of Swagger 1"),
        (b"overlay: 1.0.0\nactions: []\n", "an OpenAPI Overlay"),
        (b"arazzo: 1.0.0\n", "an Arazzo document"),
        (b"paths: {}\n", "a part of an OpenAPI document"),
        (b"type: object\nproperties: {}\n", "a schema alone"),
        (b"apiVersion: v1\nkind: Pod\n", "a Kubernetes manifest"),
        (b"colour: red\nsize: 1\n", "an object with 'colour', 'size'"),
    ],
)
def test_a_file_of_another_kind_is_named_in_one_line(content: bytes, kind: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(tmp_path, content)
    assert f"acme.json: no OpenAPI document: it seems to be {kind}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"openapi": "3.0.0",', r"acme.json:\d+: neither JSON nor YAML"),
        (b"openapi: 3.0.0\npaths: {\n", r"acme.json:\d+: neither JSON nor YAML"),
        (b"openapi: 3.0.0\npaths:\n\t/a: {}\n", r"acme.json:3: neither JSON nor YAML"),
        (b'{"openapi": "4.0.0", "paths": {}}', r"version '4.0.0' is not understood \(2.0, 3.0, 3.1, 3.2\)"),
        (b'{"openapi": "3.0.0", "paths": []}', None),
        (b'{"openapi": "3.0.0", "paths": [1]}', "its 'paths' is no object"),
        (b'{"openapi": "3.0.0", "paths": "all"}', "its 'paths' is no object"),
    ],
)
def test_a_broken_document_is_refused_with_the_place(content: bytes, why: str | None, tmp_path: Path) -> None:
    if why is None:
        assert load(tmp_path, content).raw["paths"] == {}
        return
    with pytest.raises(Misconfigured, match=why) as caught:
        load(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_a_mark_before_the_text_is_ignored(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + json.dumps(document()).encode()).raw["paths"] == {}


def test_a_document_in_utf_16_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, json.dumps(document()).encode("utf-16")).raw["info"]["title"] == "Acme"


@pytest.mark.parametrize("enum", ['"\\ud83d"', "NaN", '"tab\tin a text"', "1" + "0" * 400, "1e999"])
def test_a_value_that_json_can_hardly_have_is_read_as_near_as_can_be(enum: str, tmp_path: Path) -> None:
    text = f'{{"openapi": "3.0.0", "paths": {{}}, "components": {{"schemas": {{"A": {{"enum": [{enum}, "b"]}}}}}}}}'
    found = load_foreign("acme", write(tmp_path, text), tmp_path / "cache")
    assert "b" in found.raw["components"]["schemas"]["A"]["enum"]
    assert load_foreign("acme", found.entry, tmp_path / "cache").raw == found.raw


def test_a_folder_of_documents_has_its_other_files_left_out(tmp_path: Path) -> None:
    write(tmp_path, document(), "one.json")
    write(tmp_path, "openapi: 3.1.0\npaths: {}\n", "two.yml")
    write(tmp_path, "{{ template }}: [", "broken.yaml")
    write(tmp_path, {"name": "package"}, "package.json")
    assert [Path(each).name for each in find_entries(str(tmp_path))] == ["one.json", "two.yml"]


def test_a_folder_without_a_document_is_refused_with_the_files_in_it(tmp_path: Path) -> None:
    write(tmp_path, {"name": "package"}, "package.json")
    with pytest.raises(Misconfigured, match=r"holds no OpenAPI document \(package.json\)"):
        find_entries(str(tmp_path))


@pytest.mark.parametrize("kind", ["folder", "pipe", "missing", "unreadable name"])
def test_an_address_that_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    path = str(tmp_path / "entry")
    if kind == "folder":
        Path(path).mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(Misconfigured, match=r"is no file|cannot be read"):
        load_foreign("acme", path + ("\0" if kind == "unreadable name" else ""))


@pytest.mark.parametrize(
    "reference",
    ["../secret.json#/Thing", "/etc/passwd", "file:///etc/passwd", "link.json#/Thing", "linked/secret.json#/Thing",
     "%2e%2e/secret.json#/Thing", "nested/../../secret.json#/Thing"],
)  # fmt: skip
def test_a_reference_out_of_the_folder_leads_nowhere(reference: str, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    write(tmp_path, {"Thing": {"type": "string", "title": "Secret"}}, "secret.json")
    folder.mkdir()
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "linked").symlink_to(tmp_path)
    found = load(folder, with_schema({"$ref": reference}))
    assert "Secret" not in json.dumps(found.raw)
    assert {place.rpartition("/content/")[0] for _, place in findings(found)} == {
        "#/paths/~1things/post/requestBody",
        "#/paths/~1things/post/responses/200",
    }
    assert all(kind == "reference" for kind, _ in findings(found))


def test_a_link_that_stays_in_the_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"Thing": {"type": "string", "title": "Open"}}, "real/thing.json")
    (tmp_path / "thing.json").symlink_to(tmp_path / "real" / "thing.json")
    found = load(tmp_path, with_schema({"$ref": "thing.json#/Thing"}))
    assert not findings(found)
    assert "Open" in json.dumps(found.raw)


def test_a_reference_to_a_web_server_is_read_only_from_a_named_host(tmp_path: Path) -> None:
    with pages({"/things.json": page({"Thing": {"type": "string", "title": "Remote"}})}) as server:
        entry = write(tmp_path, with_schema({"$ref": f"{server}/things.json#/Thing"}))
        refused = load_foreign("acme", entry)
        taken = load_foreign("acme", entry, hosts=["127.0.0.1"])
    assert "Remote" not in json.dumps(refused.raw)
    assert "--remote-refs 127.0.0.1 allows it" in next(iter(refused.findings)).message
    assert "Remote" in json.dumps(taken.raw)


def test_a_document_on_a_web_server_refers_to_its_own_server() -> None:
    found: dict[str, Any] = {"/v/parts/things.json": page({"type": "string", "title": "Remote"})}
    found["/v/acme.json"] = page(with_schema({"$ref": "parts/things.json"}))
    found["/old.json"] = redirection("/v/acme.json")
    with pages(found) as server:
        assert "Remote" in json.dumps(load_foreign("acme", f"{server}/v/acme.json").raw)
        assert load_foreign("acme", f"{server}/old.json").raw["paths"]["/things"]


@pytest.mark.parametrize("target", ["http://localhost:{port}/acme.json", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirection_to_another_host_is_refused(target: str) -> None:
    found = {"/acme.json": page(document())}
    with pages(found) as server:
        found["/old.json"] = redirection(target.format(port=server.rpartition(":")[2]))
        with pytest.raises(
            Misconfigured, match=r"old.json: cannot be fetched \(.*(another host|Forbidden|not allowed)"
        ):
            load_foreign("acme", f"{server}/old.json")
        if "localhost" in target:
            assert load_foreign("acme", f"{server}/old.json", hosts=["localhost"]).raw["paths"] == {}


def test_a_reference_from_a_web_server_to_a_file_leads_nowhere() -> None:
    with pages({"/acme.json": page(with_schema({"$ref": "file:///etc/passwd"}))}) as server:
        found = load_foreign("acme", f"{server}/acme.json")
    assert "'file:///etc/passwd' is no address of a web server" in next(iter(found.findings)).message


@pytest.mark.parametrize("path", ["/missing.json", "/loop.json"])
def test_a_page_that_is_missing_or_redirects_for_ever_is_one_line(path: str) -> None:
    with (
        pages({"/loop.json": redirection("/loop.json")}) as server,
        pytest.raises(Misconfigured, match="cannot be fetched") as caught,
    ):
        load_foreign("acme", f"{server}{path}")
    assert "\n" not in str(caught.value)


def test_a_server_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_SECONDS", -1)
    with (
        pages({"/acme.json": page(document())}) as server,
        pytest.raises(Misconfigured, match="it took over -1 seconds"),
    ):
        load_foreign("acme", f"{server}/acme.json")


@pytest.mark.parametrize("size", [0, 1])
def test_a_file_is_bounded_in_size(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(document()).encode()
    monkeypatch.setattr(document_files, "MAX_BYTES", len(text) - size)
    if size == 0:
        assert load(tmp_path, text).raw["paths"] == {}
        return
    with pytest.raises(Misconfigured, match=f"is over {len(text) - 1} bytes"):
        load(tmp_path, text)


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("form", ["json", "yaml", "yaml with aliases"])
def test_nesting_is_bounded(form: str, extra: int, tmp_path: Path) -> None:
    depth = yaml_values.MAX_DEPTH - 2 + extra
    inner = "[" * depth + "]" * depth
    aliased = "a: &a 1\nb: *a\n" if "aliases" in form else ""
    text = f'{{"openapi": "3.0.0", "paths": {{}}, "x-deep": [{inner}]}}'
    if form != "json":
        text = f"openapi: 3.0.0\npaths: {{}}\n{aliased}x-deep: [{inner}]\n"
    if extra == 0:
        assert load(tmp_path, text).raw["paths"] == {}
        return
    with pytest.raises(Misconfigured, match=r"nested deeper|levels of nesting"):
        load(tmp_path, text)


@pytest.mark.parametrize("opening", ["[", '{"a":', "- ", "{a: ", "? "])
def test_a_very_deep_text_is_refused_and_crashes_nothing(opening: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(tmp_path, b"openapi: 3.0.0\nx:\n  " + opening.encode() * 100_000)
    assert "\n" not in str(caught.value)


def test_aliases_that_stand_for_too_many_values_are_refused(tmp_path: Path) -> None:
    lines = ["openapi: 3.0.0", "paths: {}", "x-0: &x0 [a, a, a, a, a, a, a, a, a]"]
    lines += [f"x-{n + 1}: &x{n + 1} [{', '.join([f'*x{n}'] * 9)}]" for n in range(9)]
    with pytest.raises(Misconfigured, match=r"has more than 5000000 values|stands for nothing"):
        load(tmp_path, "\n".join(lines))


def test_an_alias_within_its_own_anchor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"has more than 5000000 values|stands for nothing"):
        load(tmp_path, "openapi: 3.0.0\npaths: &p {x: *p}\n")


def test_a_few_aliases_are_taken(tmp_path: Path) -> None:
    text = (
        "openapi: 3.0.0\nx-s: &s {type: string}\npaths: {}\ncomponents: {schemas: {A: *s, B: {<<: *s, maxLength: 3}}}\n"
    )
    assert load(tmp_path, text).raw["components"]["schemas"] == {
        "A": {"type": "string"},
        "B": {"type": "string", "maxLength": 3},
    }


def test_the_number_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_files, "MAX_FILES", 3)
    for number in range(5):
        write(tmp_path, {"type": "string", "title": f"Title {number}"}, f"{number}.json")
    found = load(tmp_path, with_schema({"anyOf": [{"$ref": f"{number}.json"} for number in range(5)]}))
    assert sum(f"Title {number}" in json.dumps(found.raw) for number in range(5)) == 2
    assert "refers to more than 3 files" in next(iter(found.findings)).message
