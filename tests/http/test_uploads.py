import asyncio
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest

from tests.acme import SENTENCE, Company, Json, refuses, spec
from tests.asgi import Answer, call
from understudy.app import create_app
from understudy.core.refused import Refused
from understudy.core.upload import Upload
from understudy.http.bodies import ClientDisconnected
from understudy.http.multipart import MAX_HEADER_BYTES
from understudy.http.uploads import MultipartForm, read_form
from understudy.settings import MEBIBYTE, Settings

BOUNDARY = "split-here"
FORM = {
    "type": "object",
    "required": ["file", "kind"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "kind": {"type": "string", "enum": ["CSV", "TSV"]},
    },
}
TAKE_FILE = """
from understudy.core.reply import Reply

def take_file(state, body):
    file = body["file"]
    text = file.content.read().decode() if hasattr(file, "content") else f"no file: {file}"
    return Reply({"said": f"{body['kind']} {getattr(file, 'filename', '')} {text}"})
"""


def document() -> Json:
    answer = {"description": "Taken.", "content": {"application/json": {"schema": SENTENCE}}}
    operation = {
        "operationId": "take_file",
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}},
        "responses": {"200": answer, "400": refuses(), "413": refuses(), "415": refuses()},
    }
    return spec(paths={"/files": {"post": operation}})


@pytest.fixture
def asgi(company: Company) -> Any:
    company.write_spec("acme", document())
    company.write_folder("acme", {"operations/files": TAKE_FILE})
    return company.start().asgi


def part(name: str, text: str, filename: str = "") -> str:
    file = f'; filename="{filename}"' if filename else ""
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{text}\r\n'


def post(asgi: Any, *parts: str, end: str = f"--{BOUNDARY}--\r\n", boundary: str = f"; boundary={BOUNDARY}") -> Answer:
    body = "".join((*parts, end)).encode()
    return call(asgi, "POST", "/acme/files", headers={"content-type": f"multipart/form-data{boundary}"}, body=body)


def test_a_file_reaches_the_operation_with_its_name_and_bytes(asgi: Any) -> None:
    answer = post(asgi, part("kind", "CSV"), part("file", "a,b\r\n1,2", "rows.csv"))

    assert (answer.status, answer.json["said"]) == (200, "CSV rows.csv a,b\r\n1,2")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([part("kind", "CSV")], id="missing file"),
        pytest.param([part("kind", "XML"), part("file", "a", "a.csv")], id="unknown kind"),
        pytest.param([part("kind", "CSV"), part("kind", "CSV"), part("file", "a", "a.csv")], id="repeated field"),
        pytest.param([], id="no field"),
    ],
)
def test_a_form_that_breaks_the_schema_is_refused(asgi: Any, parts: list[str]) -> None:
    answer = post(asgi, *parts)

    assert (answer.status, answer.headers["understudy-refused-by"]) == (400, "contract")


def test_an_undeclared_field_may_occur_twice(asgi: Any) -> None:
    more = (part("more", "a"), part("more", "b", "b.csv"))

    assert post(asgi, part("kind", "CSV"), *more, part("file", "a", "a.csv")).status == 200


def test_a_form_without_end_or_boundary_is_malformed(asgi: Any) -> None:
    good = [part("kind", "CSV"), part("file", "a", "a.csv")]

    assert post(asgi, *good, end="").status == 400
    assert post(asgi, *good, boundary="").status == 400
    assert post(asgi, "no form at all").status == 400


def test_a_file_may_be_larger_than_any_other_body(asgi: Any) -> None:
    text = "a,b\r\n" * MEBIBYTE

    answer = post(asgi, part("kind", "CSV"), part("file", text, "rows.csv"))

    assert answer.json["said"] == f"CSV rows.csv {text}"


def test_a_form_over_the_upload_limit_is_refused(company: Company) -> None:
    company.write_spec("acme", document())
    company.write_folder("acme", {"operations/files": TAKE_FILE})
    settings = Settings(specs=company.specs, package=company.package, cache=None, upload_limit=2 * MEBIBYTE)
    small, large = ("x" * size for size in (MEBIBYTE, 2 * MEBIBYTE))
    asgi = create_app(settings).asgi

    assert post(asgi, part("kind", "CSV"), part("file", small, "a.csv")).status == 200
    assert post(asgi, part("kind", "CSV"), part("file", large, "a.csv")).status == 413


def test_a_form_without_its_files_keeps_to_the_limit_of_other_bodies(asgi: Any) -> None:
    large = "x" * (MEBIBYTE + 1)

    assert post(asgi, part("kind", large), part("file", "a", "a.csv")).status == 413
    assert post(asgi, part("kind", "CSV"), part("file", "a", "a.csv"), end=f"--{BOUNDARY}--{large}").status == 413


def test_a_form_of_too_many_parts_is_refused(asgi: Any) -> None:
    assert post(asgi, *(part(f"name-{number}", "") for number in range(1001))).status == 400


def test_a_text_that_is_not_utf_8_is_refused(asgi: Any) -> None:
    body = part("file", "a", "a.csv").encode() + part("kind", "?").encode().replace(b"?", b"\xff")
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}

    assert call(asgi, "POST", "/acme/files", headers=headers, body=body + f"--{BOUNDARY}--".encode()).status == 400


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('name="file"; filename="a.csv"', "a.csv"),
        ('name="file"; filename="C:\\a\\"', "C:\\a\\"),  # as browsers do, and most libraries after them
        ('name="file"; filename="a\\"b.csv"', 'a"b.csv'),  # as other headers do
        ("name=file; filename*=UTF-8''%C5%BC.csv", "ż.csv"),
    ],
)
def test_a_file_name_is_read_in_each_way_that_clients_write_it(written: str, meant: str) -> None:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {written}\r\n\r\na\r\n"

    form = receive(head.encode(), f"--{BOUNDARY}--".encode())

    assert uploaded(form).filename == meant
    form.close()


def test_a_name_may_end_in_a_backslash(asgi: Any) -> None:
    assert post(asgi, part("other\\", "a"), part("kind", "CSV"), part("file", "a", "a.csv")).status == 200


def test_a_part_without_a_name_is_refused(asgi: Any) -> None:
    nameless = part("kind", "CSV").replace('; name="kind"', "")

    assert post(asgi, nameless, part("file", "a", "a.csv")).status == 400


@pytest.mark.parametrize("size", range(1, 200))
def test_a_form_arrives_in_any_pieces(size: int) -> None:
    text = f"a\r\n--split\r\n--{BOUNDARY}ting\r\n\n--{BOUNDARY}\r\n\r"
    kind = part("kind", "CSV").replace(BOUNDARY, f"{BOUNDARY} \t", 1)
    body = "".join(("before\r\n", kind, part("file", text, "a.csv"), f"--{BOUNDARY}--\r\nafter")).encode()

    form = receive(*(body[at : at + size] for at in range(0, len(body), size)))

    assert form.values["kind"] == "CSV"
    assert uploaded(form).content.read() == text.encode()
    form.close()


def test_a_file_may_be_empty() -> None:
    form = receive(part("file", "", "a.csv").encode(), f"--{BOUNDARY}--".encode())

    assert uploaded(form).content.read() == b""
    form.close()


def test_a_file_has_its_name_and_media_type() -> None:
    typed = part("file", "a", "żółw, a;b.csv").replace(
        "\r\n\r\n", "\r\nCONTENT-type: text/csv; header=present\r\n\r\n", 1
    )

    form = receive(typed.encode(), f"--{BOUNDARY}--".encode())

    assert (uploaded(form).filename, uploaded(form).media_type) == ("żółw, a;b.csv", "text/csv")
    form.close()


def test_a_large_file_lies_on_the_disk_until_its_form_is_closed() -> None:
    form = receive(part("file", "x" * 3 * MEBIBYTE, "a.csv").encode(), f"--{BOUNDARY}--".encode())
    file = uploaded(form).content

    assert isinstance(file, SpooledTemporaryFile)
    assert file._rolled  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells where it lies
    form.close()
    assert file.closed


def test_the_first_bytes_of_a_form_are_kept_as_they_came() -> None:
    body = part("file", "x" * 3 * MEBIBYTE, "a.csv").encode() + f"--{BOUNDARY}--".encode()

    form = receive(body[:100], body[100:])

    assert form.head == body[:MEBIBYTE]
    form.close()


def test_an_incomplete_form_is_refused() -> None:
    with pytest.raises(ClientDisconnected):
        receive(part("file", "a", "a.csv").encode(), is_whole=False)
    with pytest.raises(Refused, match="not valid"):
        receive(part("file", "a", "a.csv").encode())


def receive(*pieces: bytes, is_whole: bool = True) -> MultipartForm:
    """The form that arrives in these pieces."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "more_body": False} if is_whole else {"type": "http.disconnect"})

    async def next_message() -> Json:
        return messages.pop(0)

    headers = {b"content-type": f"multipart/form-data; boundary={BOUNDARY}".encode()}
    return asyncio.run(read_form(next_message, headers, frozenset({"file", "kind"}), MEBIBYTE, 8 * MEBIBYTE))


def uploaded(form: MultipartForm) -> Upload:
    file = form.values["file"]
    assert isinstance(file, Upload)
    return file


@pytest.mark.parametrize("extra", [0, 1])
def test_the_headers_of_a_part_are_bounded(asgi: Any, extra: int) -> None:
    head = f'Content-Disposition: form-data; name="kind"\r\nX-Long: {"a" * MAX_HEADER_BYTES}'
    head = head[: MAX_HEADER_BYTES - len("\r\n\r\n") + extra]
    answer = post(asgi, part("file", "a", "a.csv"), f"--{BOUNDARY}\r\n{head}\r\n\r\nCSV\r\n")
    assert answer.status == (400 if extra else 200)


def test_a_part_with_very_many_parameters_is_refused(asgi: Any) -> None:
    disposition = "Content-Disposition: form-data; name=kind" + "; n=1" * 100_000
    assert post(asgi, f"--{BOUNDARY}\r\n{disposition}\r\n\r\nCSV\r\n").status == 400


@pytest.mark.parametrize(
    "alike", ["\r\n--split-her", "\r\n--split-here-", "\r\n--split-here x", "\r\n--split-here\r", "\r\n"]
)
@pytest.mark.parametrize("size", [1, 3, 1_000_000])
def test_data_like_a_boundary_is_data(alike: str, size: int) -> None:
    form, text = MultipartForm(BOUNDARY.encode(), frozenset(), MEBIBYTE), "a" + f"\r\n{alike}" * 50 + "b"
    body = (part("kind", text) + f"--{BOUNDARY}--\r\n").encode()
    for start in range(0, len(body), size):
        form.feed(body[start : start + size])
    form.end()
    assert form.values == {"kind": text}


def test_text_that_is_not_utf8_is_refused_without_the_words_of_a_library() -> None:
    for broken in (b'name="kind"\r\n\r\n\xff', b'name="\xff"\r\n\r\na'):
        form = MultipartForm(BOUNDARY.encode(), frozenset(), MEBIBYTE)
        with pytest.raises(Refused, match=r"^the form is not valid: a part is not UTF-8 text$"):
            form.feed(b"--split-here\r\nContent-Disposition: form-data; " + broken + b"\r\n--split-here--\r\n")
