"""``python -m migrations``: bring the configured database to the newest revision."""

import sys

import structlog

from adloom.core.errors import BadConfiguration
from adloom.core.log import configure
from adloom.core.settings import Settings
from migrations.upgrade import newest, upgrade
from models import DatabaseTrouble


def main() -> None:
    """Migrate; a setting that cannot work is one line and no traceback."""
    settings = Settings()
    configure(settings.log_format)
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        upgrade(settings.database())
    except BadConfiguration as error:
        sys.exit(str(error))
    except DatabaseTrouble as error:
        reason = str(error).splitlines()[0]
        sys.exit(f"The database of ADLOOM_DATABASE_URL cannot be migrated: {reason}")
    structlog.get_logger().info("database.migrated", revision=newest())


if __name__ == "__main__":
    main()
