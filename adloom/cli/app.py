"""The command line's root: its commands, and what becomes of their errors."""

import sys
from typing import Annotated

import typer

from adloom import __version__
from adloom.cli import channels, check, jobs, operate, run, tune
from adloom.cli.screen import say, say_error
from adloom.core.errors import PlatformError

cli = typer.Typer(
    name="adloom",
    help="The job queue for advertising content: publishable copy and creatives from a product feed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
MAKE, JOBS, OPERATE = "Make ads", "Jobs", "Run a platform"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"adloom {__version__}")
        raise typer.Exit


@cli.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The job queue for advertising content: publishable copy and creatives from a product feed."""


for command, panel in (
    (run.demo, MAKE),
    (run.run, MAKE),
    (channels.channels, MAKE),
    (check.check, MAKE),
    (jobs.submit, JOBS),
    (jobs.watch, JOBS),
    (jobs.jobs, JOBS),
    (jobs.cancel, JOBS),
    (jobs.export, JOBS),
    (operate.up, OPERATE),
    (operate.migrate, OPERATE),
    (operate.worker, OPERATE),
):
    cli.command(rich_help_panel=panel)(command)
cli.add_typer(operate.keys, name="keys", no_args_is_help=True, rich_help_panel=OPERATE)
cli.add_typer(tune.lanes, name="lanes", no_args_is_help=True, rich_help_panel=OPERATE)
cli.add_typer(tune.owners, name="owners", no_args_is_help=True, rich_help_panel=OPERATE)
cli.add_typer(operate.weights, name="weights", no_args_is_help=True, rich_help_panel=OPERATE)


def main() -> None:
    """Run the command line.  What goes wrong on purpose is told in words and ends with exit code 1."""
    try:
        cli()
    except PlatformError as error:
        say_error(error)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        say_error(PlatformError(f"{error.filename}: {error.strerror}."))
        sys.exit(1)
    except KeyboardInterrupt:
        say("Interrupted.")
        sys.exit(130)
