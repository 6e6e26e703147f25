"""Command ``python -m benchmarks``: run all or some benchmarks, and print their figures."""

import json
import os
import pkgutil
import platform
import sys
from importlib import import_module
from pathlib import Path

import click

from benchmarks import measures
from benchmarks.report import Options, Section
from benchmarks.servers import ServerFailed

NAMES = sorted(module.name for module in pkgutil.iter_modules(measures.__path__))


@click.command()
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Measure only this; repeatable.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Turns of each contender.")
@click.option("--seconds", type=click.FloatRange(min=0.1), default=2.0, show_default=True, help="Length of a turn.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(only: tuple[str, ...], rounds: int, seconds: float, *, as_json: bool) -> None:
    """Measure the stand-in. A target that is missed is printed, and is no failure."""
    if sys.platform != "linux":
        raise click.ClickException("the figures are read from /proc and the servers pinned to a core: run it on Linux")
    options = Options(rounds, seconds)
    machine = f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {_processor()}"
    sections: dict[str, Section] = {}
    try:
        for name in only or NAMES:
            sections[name] = import_module(f"{measures.__name__}.{name}").measure(options)
            if not as_json:
                print(f"== {name} ({machine})", "", *sections[name].lines(), sep="\n", flush=True)
    except ServerFailed as failed:
        print(f"benchmarks: {failed}", file=sys.stderr)
        sys.exit(1)
    if as_json:
        figures = {name: section.as_json() for name, section in sections.items()}
        print(json.dumps({"machine": machine, "measures": figures}, indent=2))


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(": ")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


if __name__ == "__main__":
    main()
