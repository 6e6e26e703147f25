"""Parameters, paths, methods and credentials that no client should send: refused in the vendor's shape, never a 500."""

from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

from tests.asgi import Answer
from tests.http.case import Case, needs
from understudy.app import Understudy
from understudy.contract.examples import examples_of
from understudy.contract.parameters import Parameter
from understudy.http.mounted_vendor import MountedVendor

METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "BREW", "get")
NO_INTEGERS = (
    "%D9%A1",
    "1_0",
    "%2B5",
    "+5",
    "5+",
    "%205",
    "1.0",
    "1e1",
    "0x1",
    "01",
    "--1",
    "9" * 500,
    "%00",
    "null",
)
QUERIES = (
    "%FF",
    "a=%FF",
    "%FF=a",
    "a=%ZZ",
    "%",
    "a=%",
    "&&&",
    "=",
    "a&a&a",
    "a[b]=1",
    "a=%00",
    "%C0%AF",
    "a=" + "x" * 60_000,
)
SEGMENTS = (
    "%2F", "a%2Fb", "%FF", "%C3%A9", "%00", "%", "%ZZ", "%0D%0AX-Evil:%201", "%E2%80%A8", "..", ".", "%2E%2E", "a;b",
    "a,b", "+", "%25", "x" * 5_000, "-1", "9" * 500, "%7Bid%7D", "null",
)  # fmt: skip
HEADER_VALUES = ("", " ", "\xff\xfe", "\xe9", "x" * 10_000, "a,b", "null")


@needs("query")
def test_a_query_parameter_that_is_given_twice_is_refused(case: Case) -> None:
    for parameter, value in queried(case):
        if parameter.is_list and (parameter.is_exploded or parameter.takes_any_form):
            continue
        answer = case.send(
            with_query(without_query(case, parameter), f"{parameter.name}={value}&{parameter.name}={value}")
        )

        case.assert_refused(answer)


@needs("query")
def test_an_integer_is_accepted_only_as_json_writes_it(case: Case) -> None:
    for parameter, _ in queried(case):
        if parameter.node["schema"].get("type") != "integer":
            continue
        for text in NO_INTEGERS:
            answer = case.send(with_query(without_query(case, parameter), f"{parameter.name}={text}"))

            case.assert_refused(answer)


@needs("query")
def test_any_text_in_any_query_parameter_is_answered_as_declared(case: Case) -> None:
    for parameter, _ in queried(case):
        for text in ("", "%00", "%F0%9F%98%80", "x" * 5_000, "'", "%22", "true", "-1", "1e400", "[]", "2026-02-30"):
            case.assert_kept(case.send(with_query(without_query(case, parameter), f"{parameter.name}={text}")))


@needs("query")
def test_a_required_query_parameter_that_is_missing_is_refused(case: Case) -> None:
    for parameter, _ in queried(case):
        if parameter.is_required:
            case.assert_refused(case.send(without_query(case, parameter)))


def test_a_malformed_query_is_answered_as_declared(case: Case) -> None:
    for query in QUERIES:
        case.assert_kept(case.send(with_query(case.usual.target, query)))


@needs("query")
def test_a_query_that_is_not_utf_8_is_refused(case: Case) -> None:
    case.assert_refused(case.send(with_query(case.usual.target, "more=%FF")))


@needs("path")
def test_any_text_in_the_path_is_answered_as_declared(case: Case) -> None:
    path, _, query = case.usual.target.partition("?")
    for at, template in enumerate(case.operation.path.split("/")):
        for segment in SEGMENTS if template.startswith("{") else ():
            parts = path.split("/")
            parts[at] = segment
            case.assert_kept(case.send(with_query("/".join(parts), query)))


def test_any_text_in_a_declared_header_is_answered_as_declared(case: Case) -> None:
    for parameter in case.operation.parameters:
        for value in HEADER_VALUES if parameter.where == "header" else ():
            case.assert_kept(case.send(headers={parameter.name: value}))


def test_a_required_header_that_is_missing_is_refused(case: Case) -> None:
    for parameter in case.operation.parameters:
        if parameter.where == "header" and parameter.is_required:
            case.assert_refused(case.send(headers={parameter.name: None}))


@needs("security")
def test_a_call_without_credentials_is_refused(case: Case) -> None:
    given = case.served.vendor.sign_in
    assert given is not None

    answer = case.send(headers=dict.fromkeys(sign_in_headers(case)))

    case.assert_refused(answer, by="credentials", status=401)


@needs("security")
def test_unknown_credentials_are_refused(case: Case) -> None:
    nobody = b64encode(b"nobody:nothing").decode()
    for wrong in ("nobody", "Bearer nobody", "Bearer a.b.c", f"Basic {nobody}", "x" * 9_000, "\xe9\xff", "Bearer \xe9"):
        answer = case.send(headers=dict.fromkeys(sign_in_headers(case), wrong))

        case.assert_refused(answer, by="credentials", status=401)


@needs("security")
def test_malformed_credentials_are_refused(case: Case) -> None:
    no_colon, no_text = b64encode(b"nobody").decode(), b64encode(b"\xff\xfe:\xfd").decode()
    for wrong in (
        "",
        " ",
        "Basic",
        "Basic !!!",
        f"Basic {no_colon}",
        f"Basic {no_text}",
        "Bearer",
        "Bearer ",
        "Digest x",
    ):
        answer = case.send(headers=dict.fromkeys(sign_in_headers(case), wrong))

        case.assert_refused(answer, by="credentials", status=401)


@needs("security")
def test_credentials_are_asked_for_before_anything_else_is_judged(case: Case) -> None:
    answer = case.send(
        with_query(case.operation.path, "more=%FF"), headers=dict.fromkeys(sign_in_headers(case)), body=b"{"
    )

    case.assert_refused(answer, by="credentials", status=401)


@needs("security")
def test_credentials_of_another_world_do_not_open_this_one(case: Case) -> None:
    other = Case(case.understudy, case.served, case.operation)
    tokens = {name: value for name, value in other.headers().items() if value.startswith("Bearer ") and "." in value}
    if tokens:
        case.assert_refused(case.send(headers=tokens), by="credentials", status=401)


def test_another_method_is_refused_with_all_that_are_allowed(case: Case) -> None:
    path = case.operation.path
    target = case.usual.target.partition("?")[0]
    same = [each for each in case.served.operations if each.path == target]  # a fixed path goes before a templated one
    served = {each.method.upper() for each in same or case.served.operations if is_like(each.path, target)}
    allowed = served | ({"HEAD"} if "GET" in served else set())
    for method in METHODS:
        if method in allowed:
            continue
        answer = case.send(method=method)

        assert answer.status == 405, (method, path)
        assert set(answer.headers["allow"].split(", ")) == allowed
        if method != "HEAD":
            assert_vendor_shape(case.served, answer)


def test_an_unknown_path_is_refused_in_the_vendors_shape(understudy: Understudy) -> None:
    for served in understudy.vendors.values():
        case = Case(understudy, served, served.operations[0])
        for path in ("/no/such/thing", "/", "/%FF", "/..", "//", f"{served.operations[0].path}/more/and/more", "/\xe9"):
            answer = case.send(quote(path, safe="/%."), method="GET")

            assert answer.status == 404, path
            assert_vendor_shape(served, answer)


def assert_vendor_shape(served: MountedVendor, answer: Answer) -> None:
    """Assert that a response of no operation has the shape of the refusals of the vendor's operations."""
    assert answer.headers["understudy-refused-by"] == "route"
    shapes = [
        sorted(example["value"])
        for operation in served.operations
        for status, response in operation.responses.items()
        if status >= "400"
        for media in response.node["content"].values()
        for example in examples_of(served.document, media).values()
    ]
    assert sorted(answer.json) in [*shapes, sorted(served.document.raw.get("x-unknown-path", {}))]


def sign_in_headers(case: Case) -> list[str]:
    """The names of the headers that carry credentials."""
    sign_in = case.served.vendor.sign_in
    world = case.understudy.worlds.get_or_create(case.world).vendors[case.operation.vendor]
    return list(sign_in(world)) if sign_in else []


def queried(case: Case) -> Iterator[tuple[Parameter, str]]:
    """The query parameters, each with a value that it takes."""
    for parameter in case.operation.parameters:
        if parameter.where == "query":
            found = [pair.partition("=") for pair in case.usual.target.partition("?")[2].split("&")]
            values = [value for name, _, value in found if name == parameter.name]
            yield parameter, values[0] if values else "1"


def without_query(case: Case, parameter: Parameter) -> str:
    """The usual target without this parameter."""
    path, _, query = case.usual.target.partition("?")
    return with_query(path, "&".join(pair for pair in query.split("&") if pair.partition("=")[0] != parameter.name))


def with_query(target: str, query: str) -> str:
    """A target with more in its query."""
    if not query:
        return target
    return f"{target}&{query}" if "?" in target else f"{target}?{query}"


def is_like(template: str, path: str) -> bool:
    """Return whether a path matches a template."""
    parts, wanted = path.split("/"), template.split("/")
    return len(parts) == len(wanted) and all(
        want == part or want.startswith("{") for part, want in zip(parts, wanted, strict=True)
    )
