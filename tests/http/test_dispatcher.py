"""Dispatch of requests by mount, host, world and method, and the responses to unrouted ones."""

import pytest

from tests.acme import Company, spec
from tests.asgi import Answer, call
from tests.http.case import Case, needs, usual_call
from understudy import __version__
from understudy.app import Understudy

ORIGIN = "https://shop.example"
PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}


@needs("get")
def test_head_answers_like_get_without_the_body(case: Case) -> None:
    case.understudy.worlds.get_or_create(case.world).clock.set(rate=0)

    got, head = case.send(), case.send(method="HEAD")

    assert head.body == b""
    assert (head.status, head.headers) == (got.status, got.headers)
    assert int(head.headers["content-length"]) == len(got.body)


@pytest.mark.parametrize(("method", "path"), [("GET", "/acme/no/such/path"), ("DELETE", "/acme/thing")])
def test_a_refusal_outside_any_operation_has_its_length(company: Company, method: str, path: str) -> None:
    company.write_spec("acme", spec())

    answer = call(company.start().asgi, method, path)

    assert answer.status in (404, 405)
    assert int(answer.headers["content-length"]) == len(answer.body) > 0


def test_a_vendor_with_cors_allows_any_origin(company: Company) -> None:
    company.write_spec("acme", spec(**{"x-cors": True}))
    asgi = company.start().asgi

    answer = call(asgi, "OPTIONS", "/acme/thing", headers={**PREFLIGHT, "Access-Control-Request-Headers": "x-one, y"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] in ("*", ORIGIN)
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert answer.headers["access-control-allow-headers"] == "x-one, y"

    for path in ("/acme/thing", "/acme/no/such/path", "/@other/acme/thing"):
        assert call(asgi, "GET", path, headers={"Origin": ORIGIN}).headers["access-control-allow-origin"] in (
            "*",
            ORIGIN,
        )
        assert "access-control-allow-origin" not in call(asgi, "GET", path).headers


def test_a_preflight_echoes_no_more_than_header_names(company: Company) -> None:
    company.write_spec("acme", spec(**{"x-cors": True}))
    asked = {**PREFLIGHT, "Access-Control-Request-Headers": "x\r\nX-Evil: 1"}

    answer = call(company.start().asgi, "OPTIONS", "/acme/thing", headers=asked)

    assert answer.status == 204
    assert "access-control-allow-headers" not in answer.headers


def test_a_vendor_without_cors_allows_no_origin(case: Case) -> None:
    if case.served.document.raw.get("x-cors"):
        return
    preflight = case.send(method="OPTIONS", headers=PREFLIGHT)

    assert preflight.status == 405
    for answer in (preflight, case.send(headers={"Origin": ORIGIN})):
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_vendors_own_host_needs_no_prefix(case: Case) -> None:
    path = case.served.base_path.removeprefix(case.served.mount.prefix) + case.usual.target
    for host in case.served.mount.hosts:
        for name in (host, host.upper(), f"{host}:8080"):
            answer = call(
                case.understudy.asgi,
                case.operation.method.upper(),
                f"/@{case.world}-{len(name)}{path}",
                headers={**case.headers(), "host": name},
                body=case.usual.body,
            )
            assert answer.headers.get("understudy-refused-by") in (None, "credentials", "rule"), (name, answer)


def test_a_path_that_the_vendors_own_host_lacks_is_refused_by_the_vendor(understudy: Understudy) -> None:
    for served in understudy.vendors.values():
        for host in served.mount.hosts:
            answer = call(understudy.asgi, "GET", "/no/such/path", headers={"host": host})

            assert (answer.status, answer.headers["understudy-refused-by"]) == (404, "route")


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("apac2.intouch.capillarytech.com", True),
        ("NIGHTLY.intouch.capillarytech.com:443", True),
        ("eu.intouch.api.capillarytech.com", True),
        ("north-america.api.capillarytech.com", True),
        ("api.capillary.co.in", True),
        ("intouch.capillarytech.com", False),
        (".intouch.capillarytech.com", False),
        ("a.b.intouch.capillarytech.com", False),
        ("somewhere.api.capillarytech.com", False),
    ],
)
def test_any_first_label_is_taken_where_the_document_has_x_any(
    understudy: Understudy, host: str, *, is_known: bool
) -> None:
    for _ in range(2):
        answer = call(understudy.asgi, "GET", "/v2/events", headers={"host": host})
        assert (answer.status == 401) is is_known


def test_another_host_serves_by_prefix_only(understudy: Understudy) -> None:
    answer = call(understudy.asgi, "GET", "/customerattributes", headers={"host": "api.ecdp.app.example"})

    assert answer.status == 404
    assert "vendors" in answer.json


def test_a_request_without_a_host_is_served_by_prefix(understudy: Understudy) -> None:
    assert call(understudy.asgi, "GET", "/ecdp/customerattributes", headers={"host": ""}).status == 401


def test_a_world_is_made_on_first_use(understudy: Understudy) -> None:
    assert "made-by-a-call" not in understudy.worlds.names()

    call(understudy.asgi, "GET", "/@made-by-a-call/ecdp/customerattributes")

    assert "made-by-a-call" in understudy.worlds.names()


def test_no_world_is_made_for_an_unrouted_path(understudy: Understudy) -> None:
    call(understudy.asgi, "GET", "/@never-made/ecdp/no/such/path")
    call(understudy.asgi, "GET", "/@never-made/nobody")

    assert "never-made" not in understudy.worlds.names()


def test_two_worlds_never_see_each_other(understudy: Understudy) -> None:
    usual = usual_call("crmcom", "create_purchase")
    served = understudy.vendors["crmcom"]

    def create(world: str) -> Answer:
        assert served.vendor.sign_in
        signed = served.vendor.sign_in(understudy.worlds.get_or_create(world).vendors["crmcom"])
        target = f"/@{world}{served.base_path}{usual.target}"
        return call(understudy.asgi, "POST", target, headers={**usual.headers, **signed}, body=usual.body)

    assert create("apart-1").status == usual.status
    assert create("apart-2").status == usual.status
    assert [len(understudy.worlds.get_or_create(name).journal) for name in ("apart-1", "apart-2")] == [1, 1]


@pytest.mark.parametrize(
    "path", ["/@", "/@/ecdp/customerattributes", "/@-x/ecdp/customerattributes", "/@a%20b/ecdp/customerattributes",
             f"/@{'x' * 65}/ecdp/customerattributes", "/@only", "/@only/", "/@a/@b/ecdp/customerattributes"]
)  # fmt: skip
def test_a_path_with_an_invalid_world_name_is_unrouted(understudy: Understudy, path: str) -> None:
    answer = call(understudy.asgi, "GET", path)

    assert answer.status == 404
    assert "vendors" in answer.json


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/acme/v1/things", "/ecdpx", "/favicon.ico", "/%FF", "/..%2f..", "/" + "x" * 9_000])
def test_a_path_of_no_vendor_gets_the_names_of_the_vendors(understudy: Understudy, method: str, path: str) -> None:
    answer = call(understudy.asgi, method, path)

    assert answer.status == 404
    assert set(answer.json["vendors"]) == set(understudy.vendors)


def test_a_mount_itself_is_the_vendors(understudy: Understudy) -> None:
    for served in understudy.vendors.values():
        answer = call(understudy.asgi, "GET", served.mount.prefix)

        assert (answer.status, answer.headers["understudy-refused-by"]) == (404, "route")


def test_the_front_page_lists_every_vendor(understudy: Understudy) -> None:
    answer = call(understudy.asgi, "GET", "/")

    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = answer.body.decode()
    assert __version__ in page
    for served in understudy.vendors.values():
        assert f">http://127.0.0.1{served.base_path}<" in page


def test_the_front_page_escapes_the_host_header(understudy: Understudy) -> None:
    answer = call(understudy.asgi, "GET", "/", headers={"host": "<script>alert(1)</script>"})

    assert b"<script>alert" not in answer.body


def test_health_names_version_and_vendors(understudy: Understudy) -> None:
    answer = call(understudy.asgi, "GET", "/_understudy/api/health")

    assert answer.status == 200
    assert answer.json == {"status": "ready", "version": __version__, "vendors": list(understudy.vendors)}


def test_the_control_api_refuses_like_any_other(understudy: Understudy) -> None:
    assert call(understudy.asgi, "GET", "/_understudy/api/no-such-thing").status == 404
    refused = call(understudy.asgi, "POST", "/_understudy/api/health")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


def test_a_response_has_its_fidelity(case: Case) -> None:
    answer = case.send()

    assert answer.headers["understudy-fidelity"] == case.served.endpoints[case.operation.id].fidelity
    assert answer.status == case.usual.status


def test_an_exchange_is_recorded_in_the_journal(case: Case) -> None:
    answer = case.send()

    [kept] = case.understudy.worlds.get_or_create(case.world).journal
    assert (kept.vendor, kept.operation) == (case.operation.vendor, case.operation.id)
    assert (kept.method, kept.target) == (case.operation.method.upper(), case.prefix + case.usual.target)
    assert (kept.request_body, kept.status, kept.response_body) == (case.usual.body, answer.status, answer.body)
