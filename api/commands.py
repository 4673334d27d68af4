"""What the operator's commands share: a database for as long as they run, and trouble told in words."""

import sys
from collections.abc import Callable

from adloom.core.errors import PlatformError
from adloom.core.settings import Settings
from models import Database, DatabaseTrouble, open_database


def run_command(settings: Settings, command: Callable[[Database], str]) -> int:
    """Print what *command* says; the exit status says whether it worked."""
    try:
        database = open_database(settings.database())
        try:
            sys.stdout.write(command(database))
        finally:
            database.close()
    except PlatformError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except DatabaseTrouble as error:
        sys.stderr.write(
            f"The database cannot be used ({type(error).__name__}). Is it migrated? Run 'adloom migrate'.\n"
        )
        return 1
    return 0
