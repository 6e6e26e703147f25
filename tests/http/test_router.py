import pytest

from understudy.http.router import Router


@pytest.fixture
def router() -> Router[str]:
    made: Router[str] = Router()
    for path in (
        "/things",
        "/things/{id}",
        "/things/all",
        "/things/{id}/parts",
        "/things/all/parts/{part}",
        "/{kind}/x",
    ):
        made.add(path, "get", path)
    made.add("/things", "post", "made")
    return made


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/things", "/things", []),
        ("/things/1", "/things/{id}", ["1"]),
        ("/things/all", "/things/all", []),
        ("/things/all/parts", "/things/{id}/parts", ["all"]),
        ("/things/all/parts/2", "/things/all/parts/{part}", ["2"]),
        ("/things/x", "/things/{id}", ["x"]),
        ("/others/x", "/{kind}/x", ["others"]),
        ("/things/a%2Fb", "/things/{id}", ["a/b"]),
        ("/things/a%20b", "/things/{id}", ["a b"]),
        ("/things/%C3%A9", "/things/{id}", ["\xe9"]),
        ("/things/%FF", "/things/{id}", ["\ufffd"]),
        ("/things/%", "/things/{id}", ["%"]),
        ("/things/a+b", "/things/{id}", ["a+b"]),
        ("/things/%7Bid%7D", "/things/{id}", ["{id}"]),
        ("/th%69ngs/1", "/things/{id}", ["1"]),
        ("/things/1%2Fparts", "/things/{id}", ["1/parts"]),
    ],
)
def test_a_path_leads_to_its_route(router: Router[str], path: str, template: str, values: list[str]) -> None:
    found = router.find(path)

    assert found is not None
    assert (found[0].template, found[1]) == (template, values)
    assert dict(zip(found[0].names, found[1], strict=True)).keys() == set(found[0].names)


@pytest.mark.parametrize(
    "path", ["", "/", "things", "/things/", "/things//parts", "/Things", "/things/1/parts/2/3", "//things"]
)
def test_another_path_leads_nowhere(router: Router[str], path: str) -> None:
    assert router.find(path) is None


def test_allow_names_all_methods_with_those_that_are_implied(router: Router[str]) -> None:
    found = router.find("/things")

    assert found is not None
    assert found[0].allow == "GET, HEAD, POST"
    assert found[0].methods == {"GET": "/things", "POST": "made"}


def test_allow_has_no_head_where_there_is_no_get() -> None:
    router: Router[str] = Router()
    router.add("/only", "put", "x")
    found = router.find("/only")

    assert found is not None
    assert found[0].allow == "PUT"


def test_one_path_with_two_parameter_names_gives_each_operation_its_own() -> None:
    router: Router[str] = Router()
    router.add("/a/{id}/b", "get", "b")
    router.add("/a/{other}/c", "get", "c")
    found = router.find("/a/1/c")

    assert found is not None
    assert (found[0].names, found[1]) == (("other",), ["1"])
