"""Command ``seed``: sends a scenario's records to a running server."""

import sys
from contextlib import closing
from dataclasses import replace

import click

from understudy.casting.kind import Kind
from understudy.casting.population.lazy_cast import LazyCast
from understudy.casting.scenario import LARGEST_SEED
from understudy.casting.scenario_file import open_scenario
from understudy.client.http_client import HttpClient
from understudy.client.seeding import VendorSeeder, seeding_plan
from understudy.commands.options import SPECS, WholeNumber, check_world_name, given_options, takes
from understudy.commands.seed_documents import seed_documents
from understudy.contract.compiled_operations import compile_operations
from understudy.contract.document import load_document
from understudy.core.misconfigured import Misconfigured, nearest
from understudy.core.world_names import world_prefix
from understudy.settings import Settings, server_url, world_name
from understudy.vendors.discovery import find_specs

MAX_COUNT = 1_000_000


@click.command()
@SPECS
@takes("documents", "remote_hosts", "overlays")
@click.option(
    "--count", type=WholeNumber(1, MAX_COUNT), default=10, show_default=True, help="Records of own documents, each."
)
@click.option(
    "--url", "root", default=server_url, metavar="URL", help="The server.  [default: $UNDERSTUDY_URL, else port 8080]"
)
@click.option(
    "--world",
    default=world_name,
    metavar="NAME",
    help="The world that they are sent to.  [default: $UNDERSTUDY_WORLD, else main]",
)
@click.option("--scenario", default="small-shop", show_default=True, metavar="FILE|NAME", help="Whose records.")
@click.option("--seed", type=WholeNumber(0, LARGEST_SEED), help="Another seed than the scenario's.")
@click.option("--vendor", "vendors", multiple=True, metavar="NAME", help="Only this one; repeatable.")
@click.option("--at", "places", multiple=True, metavar="VENDOR=URL", help="A vendor's base URL elsewhere; repeatable.")
def seed(
    settings: Settings,
    *,
    count: int,
    root: str,
    world: str,
    scenario: str,
    seed: int | None,
    vendors: tuple[str, ...],
    places: tuple[str, ...],
) -> int:
    """Send a running server a scenario's records, by the vendors' own operations.

    With your own documents, generated records are sent to each of their collections instead, as many as --count.
    With --at they are sent to those vendors only, with the scenario's credentials. Ends with 1 if a record is refused.
    Records that need others which no operation makes are left out where these are missing, unless --vendor or --at
    asks for that vendor.
    """
    check_world_name(world)
    if settings.documents and seed_documents(settings, root, world, count):
        return 1
    if settings.documents and not (vendors or places):
        return 0
    own = dict.fromkeys([*(name for name, _ in settings.documents), *settings.unserved])
    chosen = open_scenario(scenario, own=own)
    if seed is not None:
        chosen = replace(chosen, seed=seed)
    elsewhere: dict[str, str] = {}
    for vendor, url in map(_parse_place, places):
        if vendor in elsewhere:
            raise Misconfigured(f"--at names {vendor!r} twice; keep one")
        elsewhere[vendor] = url
    specs = find_specs(settings.specs, vendors or [*elsewhere])
    if places and elsewhere.keys() >= specs.keys() and (unused := given_options("root", "world")):
        raise click.UsageError(f"{unused[0]} and --at exclude each other here: every vendor is elsewhere")
    for name in elsewhere:
        if name not in specs:
            raise Misconfigured(f"--at names {name!r}, which is not among the vendors{nearest(name, specs)}")
    cast, refused, asked = LazyCast(chosen), 0, bool(vendors or elsewhere)
    plan = seeding_plan(chosen, [*specs])
    for vendor in dict.fromkeys(kind.vendor for kind, _ in plan):
        document = load_document(specs[vendor], settings.cache)
        base = elsewhere.get(vendor, f"{root.rstrip('/')}{world_prefix(world)}/{vendor}{document.base_path}")
        with closing(HttpClient(base)) as client:
            seeder = VendorSeeder(vendor, client, chosen.credentials.get(vendor, {}), compile_operations(document))
            refused += sum(
                _send(seeder, cast, kind, count, leaves_out=not asked) for kind, count in plan if kind.vendor == vendor
            )
    return 1 if refused else 0


def _send(seeder: VendorSeeder, cast: LazyCast, kind: Kind, count: int, *, leaves_out: bool) -> int:
    """Send a vendor the records of a kind, print the result, and return the number of refused records."""
    with click.progressbar(length=count, label=kind.name, file=sys.stderr) as bar:
        for result in seeder.send_records(cast, kind, count, leaves_out=leaves_out):
            bar.update(result.accepted + result.refused + result.left_out - bar.pos)
    if result.left_out:
        click.echo(f"{kind.name:<24} {result.left_out} left out: they need {kind.needs} ({result.why})")
        return 0
    refused = f", {result.refused} refused ({result.why})" if result.refused else ""
    click.echo(f"{kind.name:<24} {result.accepted} taken{refused}")
    return result.refused


def _parse_place(text: str) -> tuple[str, str]:
    vendor, sign, url = text.partition("=")
    if not (vendor and sign):
        raise Misconfigured(f"--at takes VENDOR=URL, such as acme=https://api.example.com, not {text!r}")
    return vendor, url
