"""``understudy serve`` with full-size customers: ``python -m benchmarks.contacthub.server --port N --count M``."""

import click

from benchmarks.contacthub.customers import VENDOR, add_customers, full_customer, state_of
from understudy.app import Understudy, create_app
from understudy.serving import listen, run
from understudy.settings import Settings


def create_peopled(count: int, settings: Settings) -> Understudy:
    """Return an app whose node holds ``count`` more customers."""
    understudy = create_app(settings)
    add_customers(state_of(understudy), [full_customer(understudy.vendors[VENDOR].document)], count)
    return understudy


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--count", type=int, required=True)
def main(port: int, count: int) -> None:
    """Serve an app with full-size customers."""
    run(create_peopled(count, Settings()), listen("127.0.0.1", port))


if __name__ == "__main__":
    main()
