"""``python -m migrations``: bring the configured database to the newest revision."""

import structlog

from adloom.core.log import configure
from adloom.core.settings import Settings
from migrations.upgrade import newest, upgrade

if __name__ == "__main__":
    settings = Settings()
    configure(settings.log_format)
    settings.home.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database())
    structlog.get_logger().info("database.migrated", revision=newest())
