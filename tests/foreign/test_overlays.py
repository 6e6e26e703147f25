"""Overlays (OpenAPI Overlay 1.0): change a document before it is read; mistakes are named, with their place."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from tests.own_document import TEXT, answer, document, serve
from understudy import cli
from understudy.app import create_app
from understudy.contract.foreign.loading import ForeignDocument, load_foreign
from understudy.core.misconfigured import Misconfigured
from understudy.hot_reload import ReloadingApp
from understudy.settings import Settings

THING = {"type": "object", "properties": {"id": TEXT, "tags": {"type": "array", "items": TEXT}}}
SHOP = document(
    {
        "/things": {"get": {"operationId": "list_things", "responses": {"200": answer(THING)}}},
        "/others": {"get": {"operationId": "list_others", "responses": {"200": answer(THING)}}},
        "/old": {"get": {"operationId": "old", "responses": {"200": answer(THING)}}},
    },
    Thing={**THING, "required": ["id"]},
    Other=THING,
)


def overlay(folder: Path, *actions: Any, name: str = "mine.yaml", **more: Any) -> Path:
    path = folder / name
    raw = {"overlay": "1.0.0", "info": {"title": "Mine", "version": "1"}, "actions": [*actions], **more}
    path.write_text(yaml.safe_dump({key: value for key, value in raw.items() if value is not None}))
    return path


def changed(folder: Path, *actions: Any, **more: Any) -> ForeignDocument:
    served = serve(folder, SHOP, overlays=(overlay(folder, *actions, **more),)).app.vendors["shop"].document
    assert isinstance(served, ForeignDocument)
    return served


def findings(found: ForeignDocument) -> list[tuple[str, str]]:
    return [(each.place, each.message) for each in found.findings if each.kind == "overlay"]


def test_an_update_is_merged_into_objects_and_replaces_values(tmp_path: Path) -> None:
    update = {"operationId": "every_thing", "tags": ["mine"]}

    node = changed(tmp_path, {"target": "$.paths['/things'].get", "update": update}).raw["paths"]["/things"]["get"]

    assert (node["operationId"], node["tags"]) == ("every_thing", ["mine"])
    assert "200" in node["responses"]


def test_an_update_of_a_list_is_appended(tmp_path: Path) -> None:
    raw = changed(
        tmp_path,
        {"target": "$.components.schemas.Thing.required", "update": "tags"},
        {"target": "$.components.schemas.Thing", "update": {"required": ["more"]}},
    ).raw

    assert raw["components"]["schemas"]["Thing"]["required"] == ["id", "tags", "more"]


def test_a_node_is_removed(tmp_path: Path) -> None:
    found = changed(tmp_path, {"target": "$.paths['/old']", "remove": True})

    assert [*found.raw["paths"]] == ["/things", "/others"]


def test_all_that_a_target_selects_is_changed(tmp_path: Path) -> None:
    found = changed(tmp_path, {"target": "$.paths.*.get", "update": {"tags": ["all"]}})

    assert [item["get"]["tags"] for item in found.raw["paths"].values()] == [["all"]] * 3


def test_items_of_a_list_are_removed_wherever_they_are(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        {"target": "$.components.schemas.Thing", "update": {"required": ["a", "b", "tags"]}},
        {"target": "$.components.schemas.Thing.required[?@ != 'tags' && @ != 'id']", "remove": True},
    )

    assert found.raw["components"]["schemas"]["Thing"]["required"] == ["id", "tags"]


def test_actions_are_taken_in_their_order_and_overlays_too(tmp_path: Path) -> None:
    target = "$.paths['/things'].get"
    first = overlay(tmp_path, {"target": target, "update": {"operationId": "one"}}, name="one.yaml")
    second = overlay(tmp_path, {"target": "$.paths[?@.get.operationId == 'one'].get", "update": {"operationId": "two"}})
    served = serve(tmp_path, SHOP, overlays=(first, second)).app.vendors["shop"]

    assert served.document.raw["paths"]["/things"]["get"]["operationId"] == "two"


def test_hints_may_stand_in_an_overlay(tmp_path: Path) -> None:
    found = changed(tmp_path, {"target": "$.paths['/things']", "update": {"x-understudy": {"sample": True}}})

    assert found.raw["paths"]["/things"]["get"]["x-understudy"] == {"sample": True}


def test_the_same_part_of_a_yaml_file_is_changed_at_one_place_alone(tmp_path: Path) -> None:
    raw = document({"/a": {"get": {"responses": {"200": answer(THING)}}}})
    raw["paths"]["/b"] = raw["paths"]["/a"]
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(raw))
    path = overlay(tmp_path, {"target": "$.paths['/a'].get", "update": {"tags": ["mine"]}})

    found = load_foreign("shop", str(tmp_path / "shop.yaml"), overlays=[path])

    assert ["tags" in found.raw["paths"][name]["get"] for name in ("/a", "/b")] == [True, False]


def test_a_target_that_selects_nothing_is_a_finding(tmp_path: Path) -> None:
    found = changed(tmp_path, {"target": "$.paths['/thing'].get", "update": {"tags": ["mine"]}})

    assert findings(found) == [("mine.yaml#/actions/0", "the target $.paths['/thing'].get selects nothing")]


def test_an_overlay_changes_the_document_alone_that_it_extends(tmp_path: Path) -> None:
    action = {"target": "$.paths['/old']", "remove": True}
    for name in ("shop", "other"):
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(SHOP))
    path = overlay(tmp_path, action, extends="./shop.yaml")
    documents = tuple((name, str(tmp_path / f"{name}.yaml")) for name in ("shop", "other"))

    vendors = create_app(Settings(documents=documents, overlays=(path,), cache=None)).vendors

    assert {name: "/old" in each.document.raw["paths"] for name, each in vendors.items()} == {
        "shop": False,
        "other": True,
    }


def test_a_document_is_extended_by_whatever_path_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(SHOP))
    (tmp_path / "hints").mkdir()
    path = overlay(tmp_path / "hints", {"target": "$.paths['/old']", "remove": True}, extends="../shop.yaml")
    uri = overlay(tmp_path, {"target": "$.info", "update": {}}, extends=(tmp_path / "shop.yaml").as_uri())
    monkeypatch.chdir(tmp_path)

    app = create_app(Settings(documents=(("shop", "shop.yaml"),), overlays=(path, uri), cache=None))

    assert "/old" not in app.vendors["shop"].document.raw["paths"]


def test_what_is_cached_is_of_the_overlay_as_it_is_now(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    action = {"target": "$.paths['/old']", "remove": True}

    def paths(*overlays: Path) -> list[str]:
        served = serve(tmp_path, SHOP, overlays=overlays, cache=cache).app.vendors["shop"]
        return [*served.document.raw["paths"]]

    assert "/old" in paths()
    for _ in range(2):
        assert "/old" not in paths(overlay(tmp_path, action))
    assert "/others" not in paths(overlay(tmp_path, {"target": "$.paths['/others']", "remove": True}))
    assert "/old" in paths()


def test_findings_of_overlays_are_cached_too(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(SHOP))
    path = overlay(tmp_path, {"target": "$.nothing", "remove": True})

    both = [load_foreign("shop", str(tmp_path / "shop.yaml"), tmp_path / "cache", (), [path]) for _ in range(2)]

    assert findings(both[0]) == findings(both[1]) != []


def test_a_changed_overlay_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(SHOP))
    path = overlay(tmp_path, {"target": "$.paths['/old']", "remove": True})
    reloading = ReloadingApp(Settings(documents=(("shop", str(tmp_path / "shop.yaml")),), overlays=(path,), cache=None))
    overlay(tmp_path, {"target": "$.paths['/others']", "remove": True})

    assert path in reloading.watcher.changed()
    reloading.reload([path])

    assert {*reloading.understudy.vendors["shop"].document.raw["paths"]} == {"/things", "/old"}


UPDATE = {"target": "$.paths", "update": {}}


@pytest.mark.parametrize(
    ("actions", "more", "reason"),
    [
        ([UPDATE], {"overlay": None}, "mine.yaml: no overlay: it has no 'overlay'"),
        ([UPDATE], {"overlay": "2.0.0"}, "#/overlay: version '2.0.0' is not understood (1.0.0)"),
        ([UPDATE], {"info": None}, "#/info: an overlay has a title and a version here"),
        ([UPDATE], {"info": {"titel": "x"}}, "#/info: 'titel' is unknown; did you mean 'title'?"),
        ([UPDATE], {"extend": "x"}, "#: 'extend' is unknown; did you mean 'extends'?"),
        ([UPDATE], {"extends": "none.yaml"}, "none.yaml is not served; did you mean"),
        ([], {}, "#/actions: is no list of actions"),
        (["remove"], {}, "#/actions/0: is no action"),
        ([UPDATE, {"target": "$", "udpate": {}}], {}, "#/actions/1: 'udpate' is unknown; did you mean 'update'?"),
        ([{"update": {}}], {}, "#/actions/0/target: an action has a JSONPath here"),
        ([{"target": "$.paths[", "update": {}}], {}, "#/actions/0/target: '$.paths[' is no JSONPath"),
        ([{"target": "", "update": {}}], {}, "#/actions/0/target: an action has a JSONPath here"),
        ([{"target": "paths['/things']", "update": {}}], {}, "#/actions/0/target: an action has a JSONPath here"),
        ([{"target": "$.paths[?@ =~ /(/]", "update": {}}], {}, "'$.paths[?@ =~ /(/]' is no JSONPath"),
        ([{"target": "$.paths[?foo(@)]", "update": {}}], {}, "is no JSONPath: function 'foo' is not defined"),
        ([{"target": "$.paths"}], {}, "#/actions/0: has neither 'update' nor 'remove: true'"),
        ([{"target": "$.paths", "remove": "yes"}], {}, "#/actions/0/remove: is true or false, not 'yes'"),
        ([{"target": "$", "remove": True}], {}, "#/actions/0: would remove the whole document"),
        ([{"target": "$.info.title", "update": {}}], {}, "#/info/title is neither object nor list"),
        ([{"target": "$.info", "update": "x"}], {}, "#/info is an object: it cannot be merged"),
        ([{"target": "$.openapi", "remove": True}], {}, "not an OpenAPI document"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, actions: Any, more: Any, reason: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        changed(tmp_path, *actions, **more)

    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("text", "reason"), [("overlay: [", "neither JSON nor YAML"), ("- 1", "no overlay")])
def test_a_file_that_is_no_overlay_is_named(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "mine.yaml").write_text(text)

    with pytest.raises(Misconfigured, match=f"mine.yaml.*{reason}"):
        serve(tmp_path, SHOP, overlays=(tmp_path / "mine.yaml",))


def test_a_file_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"mine\.yaml: cannot be read"):
        serve(tmp_path, SHOP, overlays=(tmp_path / "mine.yaml",))


def test_an_overlay_without_a_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="an overlay changes a document of your own"):
        create_app(Settings(vendors=("ecdp",), overlays=(overlay(tmp_path, UPDATE),)))


def test_the_option_changes_what_commands_show(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(SHOP))
    path = overlay(tmp_path, {"target": "$.paths['/old']", "remove": True})
    words = ["operations", "--spec", str(tmp_path / "shop.yaml")]

    plain = CliRunner().invoke(cli.main, words).stdout
    mended = CliRunner().invoke(cli.main, [*words, "--overlay", str(path)]).stdout

    assert ("/old" in plain, "/old" in mended) == (True, False)
