"""Commands ``pact write`` and ``pact verify``: a journal as a Pact file, and a Pact file held against a server."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from understudy.app import Understudy, create_app
from understudy.client import RemoteWorld
from understudy.commands.options import FilePath, takes
from understudy.commands.steering import steers
from understudy.commands.vendor_choice import choose_vendor
from understudy.contract.foreign.document_files import names_beside
from understudy.core.counted import counted
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import MAIN
from understudy.http.mounted_vendor import MountedVendor
from understudy.resources.request_credentials import signed
from understudy.serving import in_background, listen
from understudy.settings import Settings, leave_out_statistics
from understudy.traffic.pact_files import PactFile, write_pact

BROKEN = 1
INSTALL = "verifying pacts needs pact-python: python -m pip install 'pact-python>=3'"
HEADER_FORM = "write NAME: VALUE, such as 'Authorization: Bearer …'"


@click.group()
def pact() -> None:
    """Write the calls of a test run as a Pact file, and hold a Pact file against a server."""


def _print_written(found: Mapping[str, Any]) -> None:
    for path, count in found["written"].items():
        click.echo(f"{path}: {counted(count, 'interaction')}")
    for line in found["left_out"]:
        click.echo(f"left out: {line}", err=True)


@pact.command()
@click.option("--consumer", required=True, metavar="NAME", help="Name of your program in the pact.")
@click.option("--vendor", metavar="NAME", help="Only this vendor's calls.")
@click.option("--provider", metavar="NAME", help="Name of the vendor in the pact.  [default: its own]")
@click.option("--out", type=FilePath(), default=Path(), metavar="DIR", help="Folder to write to.  [default: this]")
@steers(_print_written)
def write(world: RemoteWorld, *, consumer: str, vendor: str | None, provider: str | None, out: Path) -> Any:
    r"""Write the calls in a world as Pact files, one for each vendor.

    Statuses are expected exactly, values by their type. A call that holds a credential beside its headers is left out.

    \b
    understudy pact write --consumer web-shop --out pacts
    """
    calls = world.read_journal(vendor=vendor)
    by_vendor: dict[str, list[Any]] = {}
    for each in calls:
        if each["vendor"]:
            by_vendor.setdefault(each["vendor"], []).append(each)
    if not by_vendor:
        of_vendor = f" of {vendor}" if vendor else ""
        raise Misconfigured(f"the world {world.name} has no call{of_vendor} to write; --world names another")
    if provider and len(by_vendor) > 1:
        raise Misconfigured(f"--provider names one vendor: choose it by --vendor ({', '.join(by_vendor)})")
    made = {name: write_pact(found, consumer, provider or name) for name, found in by_vendor.items()}
    missing = calls.missing()
    return {
        "written": {str(_store(each, out)): len(each.interactions) for each in made.values()},
        "left_out": [*([missing] if missing else []), *(line for each in made.values() for line in each.left_out)],
    }


def _store(found: PactFile, folder: Path) -> Path:
    names = (found.document[side]["name"] for side in ("consumer", "provider"))
    path = folder / f"{'-'.join(names)}.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found.document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


@pact.command()
@click.argument("files", nargs=-1, required=True, type=FilePath())
@click.option(
    "--against", metavar="VENDOR|SPEC", help="The stand-in to hold them against.  [default: the provider's name]"
)
@click.option("--url", metavar="URL", help="Hold them against the server at this URL, not a stand-in.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Send this header too. Repeatable.")
@takes("documents", "scenario", "behaviour", "remote_hosts", "overlays")
def verify(
    settings: Settings, files: Sequence[Path], against: str | None, url: str | None, headers: Sequence[str]
) -> int:
    r"""Hold Pact files against a stand-in or a URL.

    The exit code is 1 if an expectation is not met.

    \b
    understudy pact verify pacts/web-shop-ecdp.json
    understudy pact verify pacts/*.json --url "$SANDBOX" --header "X-Key: $KEY"
    """
    if find_spec("pact") is None:
        raise Misconfigured(INSTALL)
    if url and against:
        raise click.UsageError("--url and --against exclude each other: give one of them")
    wanted = dict(map(_header, headers))
    results = []
    for file in files:
        provider = _provider(file)
        if url is not None:
            results.append(_verify(file, provider, _checked_url(url), wanted))
            continue
        with _stand_in(settings, against or provider) as (root, credentials):
            results.append(_verify(file, provider, root, credentials | wanted))
    return 0 if all(results) else BROKEN


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not (colon and name.strip() and value.strip()):
        raise Misconfigured(f"--header {text!r}: {HEADER_FORM}")
    return name.strip(), value.strip()


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured(f"--url {url!r}: write http://… or https://…")
    return url


def _provider(file: Path) -> str:
    """Return the provider's name in a Pact file; raise ``Misconfigured`` for a file that is none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except IsADirectoryError:
        raise Misconfigured(f"{file}: is a folder; name files of it, such as {file}/*.json") from None
    except OSError as error:
        near = nearest(file.name, names_beside(file))
        raise Misconfigured(f"{file}: cannot be read ({error.strerror}){near}") from None
    except ValueError:
        raise Misconfigured(f"{file}: not JSON, which a Pact file is") from None
    provider = found.get("provider") if isinstance(found, dict) else None
    if not isinstance(provider, dict) or not isinstance(provider.get("name"), str):
        raise Misconfigured(f"{file}: no Pact file: it has no provider.name")
    return str(provider["name"])


@contextmanager
def _stand_in(settings: Settings, vendor: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve one vendor in this process; yield its URL and the headers of the development client."""
    name, chosen = choose_vendor(settings, vendor)
    understudy = create_app(chosen)
    mounted = understudy.vendors[name]
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        yield f"{root}{mounted.mount.prefix}", _credentials(understudy, mounted)


def _credentials(understudy: Understudy, mounted: MountedVendor) -> dict[str, str]:
    if mounted.vendor.sign_in is not None:
        return mounted.vendor.sign_in(understudy.worlds.get_or_create(MAIN).vendors[mounted.vendor.name])
    known = understudy.worlds.start_world.credentials[mounted.vendor.name]
    headers: dict[str, str] = {}
    for operation in mounted.operations:
        headers |= signed(operation, "", known)[1]
    return headers


def _verify(file: Path, provider: str, url: str, headers: Mapping[str, str]) -> bool:
    """Hold a file against a server; the library prints its report. Return whether all expectations are met."""
    module = import_module("pact")
    parts = urlsplit(url)
    verifier = module.Verifier(provider, host=parts.hostname)
    default = 443 if parts.scheme == "https" else 80
    verifier.add_transport(protocol="http", port=parts.port or default, path=parts.path or "/", scheme=parts.scheme)
    verifier.add_source(file)
    for name, value in headers.items():
        verifier.add_custom_header(name, value)
    verifier.set_error_on_empty_pact(enabled=True)
    verifier.set_coloured_output(enabled=False)
    leave_out_statistics()
    sys.stdout.flush()  # the library writes its report by itself
    try:
        verifier.verify()
    except RuntimeError:
        holds = False
    else:
        holds = True
    click.echo(f"{file}: {'every expectation is met' if holds else 'an expectation is not met'}")
    return holds
