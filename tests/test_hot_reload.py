"""Hot reload (`understudy serve --reload`): changed files are reloaded, worlds continue, a broken file is skipped."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acme import Company, Json, answers, operation_spec, spec
from tests.asgi import call
from understudy.core.data_folder import data_folder
from understudy.file_watcher import FileWatcher
from understudy.hot_reload import ReloadingApp

COMMAND = Path(sys.executable).with_name("understudy")
TABLES = """
from understudy.core.table import Table, by
TABLES = (Table("things", "name", by("{index}")),)
"""
THINGS = """
from understudy.core.reply import Reply

def make_thing(world, body):
    world.collection("things").put(body)
    return Reply({{"name": body["name"]}}, status=201)

def get_thing(world):
    return Reply({{"name": "{word}", "size": len(world.collection("things"))}})
"""
JSON = {"content-type": "application/json"}


class Shop:
    """Running server of one vendor with a collection of things."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.spec = company.write_spec("acme", self.document())
        self.write(word="first")
        self.reloading = ReloadingApp(company.settings())

    @staticmethod
    def document(**get: Any) -> Json:
        made = operation_spec(**get)
        made["paths"]["/thing"]["post"] = {
            "operationId": "make_thing",
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"201": answers(made={"name": "made"})},
        }
        return made

    def write(self, word: str, index: str = "colour") -> Path:
        files = {"operations/things": THINGS.format(word=word), "tables": TABLES.format(index=index)}
        return self.company.write_folder("acme", files)

    def make(self, name: str, world: str = "main") -> None:
        body = f'{{"name": "{name}", "colour": "red"}}'.encode()
        assert call(self.reloading, "POST", f"/@{world}/acme/thing", headers=JSON, body=body).status == 201

    def got(self, world: str = "main") -> Any:
        return call(self.reloading, "GET", f"/@{world}/acme/thing").json

    def names(self) -> list[str]:
        things = self.reloading.understudy.worlds.get_or_create().vendors["acme"].collection("things")
        return [thing["name"] for thing in things]

    def reload(self) -> None:
        self.reloading.reload(self.reloading.watcher.changed())


@pytest.fixture
def shop(company: Company) -> Shop:
    return Shop(company)


def test_a_changed_module_is_reloaded_and_every_world_continues(shop: Shop) -> None:
    shop.make("lamp")
    shop.make("lamp", world="other")
    shop.make("chair", world="other")
    shop.write(word="second")
    shop.reload()

    assert shop.got() == {"name": "second", "size": 1}
    assert shop.got("other") == {"name": "second", "size": 2}


def test_a_changed_spec_is_reloaded(shop: Shop) -> None:
    wide = answers(small={"name": "small"})
    shop.company.write_spec("acme", shop.document(responses={"200": wide, "404": {"description": "None."}}))
    shop.reload()

    [served] = shop.reloading.understudy.vendors.values()
    assert set(served.document.raw["paths"]["/thing"]["get"]["responses"]) == {"200", "404"}


def test_journal_and_clock_continue(shop: Shop) -> None:
    world = shop.reloading.understudy.worlds.get_or_create()
    world.clock.set(rate=0)
    frozen = world.clock.now()
    shop.make("lamp")
    shop.write(word="second")
    shop.reload()

    kept = shop.reloading.understudy.worlds.get_or_create()
    assert kept.vendors["acme"].now() == frozen
    assert [exchange.operation for exchange in kept.journal] == ["make_thing"]


def test_a_new_index_finds_records_from_before(shop: Shop) -> None:
    shop.make("lamp")
    shop.write(word="second", index="name")
    shop.reload()

    things = shop.reloading.understudy.worlds.get_or_create().vendors["acme"].collection("things")
    assert things.first("name", "lamp") == {"name": "lamp", "colour": "red"}


def test_ids_continue(shop: Shop) -> None:
    twin = shop.company.start()
    expected = [twin.worlds.get_or_create().vendors["acme"].new_id() for _ in range(2)]
    first = shop.reloading.understudy.worlds.get_or_create().vendors["acme"].new_id()
    shop.write(word="second")
    shop.reload()

    assert [first, shop.reloading.understudy.worlds.get_or_create().vendors["acme"].new_id()] == expected


def test_a_kept_snapshot_and_a_fork_continue(shop: Shop) -> None:
    worlds = shop.reloading.understudy.worlds
    shop.make("lamp")
    worlds.keep_snapshot("one-lamp", "main")
    worlds.fork("main", "twin")
    shop.make("chair")
    shop.write(word="second")
    shop.reload()

    worlds = shop.reloading.understudy.worlds
    kept = worlds.get_snapshot("one-lamp")
    assert kept is not None
    worlds.restore("main", kept)
    worlds.reset("twin")
    assert [shop.got()["size"], shop.got("twin")["size"]] == [1, 1]


def test_a_reset_uses_the_reloaded_start(shop: Shop) -> None:
    start = "def start(state, cast, options):\n    state.collection('things').put({'name': 'lamp'})\n    return {}\n"
    shop.make("chair")
    shop.company.write_folder("acme", {"start": start})
    shop.reload()
    assert shop.names() == ["chair"]

    shop.reloading.understudy.worlds.reset("main")
    assert shop.names() == ["lamp"]


def test_vendors_can_be_added_and_removed(shop: Shop) -> None:
    shop.make("lamp")
    other = shop.company.write_spec("other", spec())
    shop.reload()
    assert call(shop.reloading, "GET", "/other/thing").status == 200

    other.unlink()
    shop.reload()
    assert call(shop.reloading, "GET", "/other/thing").status == 404
    assert shop.got()["size"] == 1


BROKEN = {
    "syntax": ("operations/things", "def get_thing(:\n", "things.py:1: "),
    "name": ("operations/things", "x = 1\n\nnonsense\n", "things.py:3: NameError: name 'nonsense' is not defined"),
    "operation": ("operations/things", "def get_thin(world):\n    ...\n", "did you mean 'get_thing'?"),
    "table": ("tables", "TABLES = (1,)\n", "'int' object has no attribute"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_module_is_reported_in_one_line_and_the_old_one_is_served(
    shop: Shop, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    shop.make("lamp")
    file, text, why = BROKEN[kind]
    shop.company.write_folder("acme", {file: text})
    with caplog.at_level(logging.INFO, "understudy"):
        shop.reload()

    [message] = caplog.messages
    assert message.startswith("not reloaded (")
    assert why in message
    assert "\n" not in message
    assert shop.got() == {"name": "first", "size": 1}

    shop.write(word="mended")
    shop.reload()
    assert shop.got() == {"name": "mended", "size": 1}


def test_a_broken_spec_is_reported_with_its_place(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.spec.write_text("openapi: 3.0.3\ninfo: {title: x\n")
    with caplog.at_level(logging.INFO, "understudy"):
        shop.reload()

    assert f"not reloaded (acme.yaml), serving as before: {shop.spec}:3: not YAML" in caplog.text
    assert shop.got()["name"] == "first"


def test_a_broken_file_is_reloaded_when_another_change_mends_it(shop: Shop) -> None:
    shop.write(word="second")
    shop.spec.write_text("broken")
    shop.reload()
    assert shop.got()["name"] == "first"

    shop.company.write_spec("acme", shop.document())
    shop.reload()
    assert shop.got()["name"] == "second"


def test_only_files_that_make_the_server_are_watched(company: Company, tmp_path: Path) -> None:
    path = company.write_spec("acme", spec())
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("people: 1\n")
    watch = FileWatcher(company.settings(scenario=scenario))
    (company.specs / "notes.txt").write_text("not watched")
    assert watch.changed() == set()

    scenario.write_text("people: 12\n")
    added = company.write_folder("acme", {"tables": "TABLES = ()"})
    path.unlink()
    assert watch.changed() == {scenario, path, added / "tables.py", added / "__init__.py"}
    assert watch.changed() == set()


def test_a_running_server_reports_a_mistake_in_a_scenario_and_goes_on(tmp_path: Path) -> None:
    scenario = tmp_path / "mine.yaml"
    scenario.write_text((data_folder("fixtures") / "scenarios" / "start.yaml").read_text())
    arguments = ["serve", "--reload", "--port", "0", "--vendor", "ecdp", "--scenario", str(scenario)]
    started = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert started.stdout
    assert started.stderr
    while not started.stdout.readline().startswith("Credentials:"):
        assert started.poll() is None
    scenario.write_text("peeple: 4\n")
    message = started.stderr.readline()
    assert started.poll() is None
    started.terminate()
    started.communicate(timeout=20)

    assert "not reloaded (mine.yaml), serving as before:" in message
    assert "did you mean 'people'?" in message
    assert started.returncode == 0
