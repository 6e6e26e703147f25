"""Command ``serve``: runs the server in this process."""

import logging

import click

from understudy.app import create_app
from understudy.certificates import CertificateAuthority
from understudy.commands.options import OPTIONS, takes
from understudy.hot_reload import ReloadingApp
from understudy.serving import listen, run
from understudy.settings import Settings


@click.command()
@takes(*OPTIONS)
def serve(settings: Settings) -> None:
    """Start the stand-in."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    authority = CertificateAuthority(settings.keys) if settings.is_secure else None
    understudy = ReloadingApp(settings).understudy if settings.reloads else create_app(settings)
    run(understudy, listen(settings.host, settings.port), authority)
