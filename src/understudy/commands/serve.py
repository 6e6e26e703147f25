"""The stand-in as a process."""

import logging

import click

from understudy.app import create_app
from understudy.certificates import Authority
from understudy.commands.options import OPTIONS, takes
from understudy.serving import listen, run
from understudy.settings import Settings


@click.command()
@takes(*OPTIONS)
def serve(settings: Settings) -> None:
    """Start the stand-in."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    authority = Authority(settings.keys) if settings.is_secure else None
    run(create_app(settings), listen(settings.host, settings.port), authority)
