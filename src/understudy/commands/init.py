"""Command ``init``: the files of a new project."""

import os
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import orjson

from understudy import __version__
from understudy.app import create_app
from understudy.client import Control, RemoteWorld
from understudy.commands.first_test import FirstTest, first_test
from understudy.contract.compiled_operations import Operation
from understudy.contract.foreign.document_files import is_url
from understudy.contract.foreign.named_documents import named_documents
from understudy.contract.parameters import python_name
from understudy.core.misconfigured import Misconfigured
from understudy.http.mounted_vendor import MountedVendor
from understudy.project_file import OWN, find_project
from understudy.serving import in_background, listen
from understudy.settings import Settings, control_token
from understudy.vendors.discovery import function_name
from understudy.vendors.user_behaviour import folder_name

EXAMPLE = "parcels"
EXAMPLE_FILE = f"specs/{EXAMPLE}.yaml"
WORKFLOW = ".github/workflows/understudy.yaml"
PROJECT = """\
# Settings of Understudy, read by `understudy` and by pytest in this folder and below.
# Each key is also an option (port: --port) and an environment variable (UNDERSTUDY_PORT).
specs = [{spec}]
{behaviour}
# port = 8080
# auth = "strict"      # take only the credentials that `understudy credentials` prints
# strict_spec = true   # refuse a document of which a part is not obeyed
"""
BEHAVIOUR = '''"""Behaviour of {name}: each function stands for the operation of its name."""


def {function}(state, recognised):
    """{method} {path}."""
    # state.collection("…") has the records of a resource, by their ids as text; state.now() is the world's time.
    # Further arguments are given if they are named: body, and the operation's parameters.
    #
    # A refusal, in the document's own error shape (from understudy.behaviour import Refused, Reply):
    #     raise Refused(409, "there is one already")
    # An answer of your own:
    #     return Reply({{"id": 1}}, 201)
    return recognised()  # what is answered without this function
'''
STEPS = """\
# Tests beside the stand-in; see {project}.
name: understudy
on: [push]
permissions: {{contents: read}}
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.13"}}
      - run: pip install pytest '{requirement}'  # from where your organisation keeps it
      - run: understudy check
      - run: python -m pytest {test}
"""


@click.command()
@click.argument("spec", required=False, metavar="[[NAME=]SPEC]")
def init(spec: str | None) -> None:
    """Write a project file, and a first behaviour, test and workflow for a document of your own.

    Without a SPEC an example document is written too. Nothing is overwritten.
    """
    folder = Path.cwd()
    project = find_project(folder)
    if project is not None and project.path.parent == folder:
        raise Misconfigured(f"{project.path}: there are settings of Understudy already; init overwrites nothing")
    name, entry = _document(spec)
    understudy = create_app(Settings(documents=((name, entry),)))
    vendor = understudy.vendors[name]
    with in_background(understudy, listen("127.0.0.1", 0)) as root, Control(root, control_token() or "") as control:
        test = first_test(vendor, lambda code: _passes(code, control))
    files = _files(folder, spec, vendor, test)
    for path in files:
        if (folder / path).exists():
            raise Misconfigured(f"{path} exists already; init overwrites nothing: move it away")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}")
    _print_next(next(path for path in files if path.startswith("tests/")))


def _document(spec: str | None) -> tuple[str, str]:
    """Return the name and address of the document, whose name can be that of a Python file."""
    if spec is None:
        return EXAMPLE, str(Path(__file__).with_name("example_document.yaml"))
    named = named_documents([spec])
    if len(named) > 1:
        raise Misconfigured(f"{spec}: holds {len(named)} documents: name one file of it")
    return named[0]


def _files(folder: Path, spec: str | None, vendor: MountedVendor, test: FirstTest) -> dict[str, str]:
    """Return the texts of the new files, by their paths."""
    name = vendor.document.name
    operation = test.operation or next(iter(vendor.operations), None)
    slug = python_name(name) or "vendor"
    test_file = f"tests/test_{slug}.py"
    behaviour = 'behaviour = ["behaviour"]' if operation else '# behaviour = ["behaviour"]'
    files = {OWN: PROJECT.format(spec=_toml_text(_address(folder, spec, vendor)), behaviour=behaviour)}
    if spec is None:
        files[EXAMPLE_FILE] = Path(__file__).with_name("example_document.yaml").read_text(encoding="utf-8")
    if operation is not None:
        files[_behaviour_file(name, operation)] = _behaviour(name, operation)
    files[test_file] = test.code
    files[WORKFLOW] = STEPS.format(project=OWN, requirement=_requirement(), test=test_file)
    return files


def _address(folder: Path, spec: str | None, vendor: MountedVendor) -> str:
    """Return the document's address as the project file has it: relative to the folder, unless it is a URL."""
    if spec is None:
        return EXAMPLE_FILE
    name, entry = vendor.document.name, str(vendor.document.path)
    [(_, address)] = named_documents([spec])
    if not is_url(address):
        try:
            address = Path(os.path.relpath(entry, folder)).as_posix()
        except ValueError:  # on another drive
            address = entry
    stem = Path(urlsplit(address).path if is_url(address) else address).stem
    return address if stem == name else f"{name}={address}"


def _behaviour_file(name: str, operation: Operation) -> str:
    module = python_name(operation.tag or "") or "operations"
    module = module if module.isidentifier() else f"operations_{module}"
    return f"behaviour/{folder_name(name)}/operations/{module}.py"


def _behaviour(name: str, operation: Operation) -> str:
    is_name = operation.id.isidentifier() and not iskeyword(operation.id) and not operation.id.startswith("_")
    function = operation.id if is_name else function_name(operation.id)
    return BEHAVIOUR.format(name=name, function=function, method=operation.method.upper(), path=operation.path)


def _toml_text(text: str) -> str:
    return orjson.dumps(text).decode()  # a text of JSON is one of TOML


def _requirement() -> str:
    """Return what pip installs: this version, or where it was installed from if that is a server."""
    try:
        origin: Any = orjson.loads(distribution("understudy").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, orjson.JSONDecodeError):
        origin = {}
    url, version_control = str(origin.get("url", "")), origin.get("vcs_info")
    if not url.startswith("https://") or "@" in url:
        return f"understudy=={__version__}"
    if version_control:
        url = f"{version_control['vcs']}+{url}@{version_control['commit_id']}"
    return f"understudy @ {url}"


def _passes(code: str, control: Control) -> bool:
    """Return whether a test of ours passes, in a world of its own."""
    scope: dict[str, Any] = {}
    exec(compile(code, "first test", "exec"), scope)  # noqa: S102 - code that we have written
    world = RemoteWorld(control, "init")
    world.create()
    try:
        for name, function in scope.items():
            if name.startswith("test_"):
                function(world)
    except (AssertionError, OSError, LookupError, TypeError, ValueError, HTTPException):
        return False
    finally:
        world.delete()
    return True


def _print_next(test_file: str) -> None:
    click.echo("\nNext:")
    if find_spec("pytest") is None:
        click.echo("  python -m pip install pytest      # it is not here yet")
    click.echo("  understudy check                  # how the document is read")
    click.echo("  understudy serve --reload         # answer, and take up what you change")
    click.echo(f"  python -m pytest {test_file}")
