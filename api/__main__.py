"""``python -m api``: serve the HTTP API until SIGTERM, then finish the requests that are being answered."""

import sys

import uvicorn

from adloom.core import log
from adloom.core.errors import BadConfiguration
from adloom.core.memory import look_seldom
from adloom.core.settings import Settings
from api.app import create_app

DRAIN_SECONDS = 15
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SAMPLE = Settings.model_fields["api_key_pepper"].default.get_secret_value()


def check(settings: Settings) -> None:
    """Refuse to serve others with the pepper that stands in the documentation.

    Raises:
        BadConfiguration: the sample pepper, on an address that others reach.
    """
    if settings.host not in _LOOPBACK and settings.api_key_pepper.get_secret_value() == _SAMPLE:
        raise BadConfiguration("Set ADLOOM_API_KEY_PEPPER to a long random secret before others can reach the API.")


def main() -> int:
    """Serve; the exit status says whether it could start."""
    settings = Settings()
    log.configure(settings.log_format)
    try:
        check(settings)
        app = create_app(settings)
    except BadConfiguration as error:
        sys.stderr.write(f"{error}\n")
        return 2
    look_seldom()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
