"""Command ``completion``: completion scripts for shells."""

import click
from click.shell_completion import get_completion_class

from understudy.commands.options import OneOf

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=OneOf(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    For bash, add to ~/.bashrc: eval "$(understudy completion bash)".
    """
    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(context.find_root().command, {}, "understudy", "_UNDERSTUDY_COMPLETE").source())
