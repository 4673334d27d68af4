"""Where the server's code lies, and how its entry points are started: as processes, told everything by ``ADLOOM_*``."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from pydantic import SecretStr, ValidationError

import adloom
from adloom.core.errors import BadConfiguration, PlatformError
from adloom.core.settings import Settings

_URLS = ("database_url", "broker_url", "storage_url")
_LOCAL_SCHEMES = ("sqlite:///", "filesystem://", "file:")


def find_checkout() -> Path:
    """The folder that holds the server's packages beside this library.

    Raises:
        BadConfiguration: only the library is installed.
    """
    root = Path(adloom.__file__).absolute().parents[1]
    if not (root / "worker" / "__init__.py").is_file():
        raise BadConfiguration(
            "This needs the platform's own code, and only the adloom library is installed. "
            "Run it in a clone of the repository, or name a running platform with --url."
        )
    return root


def read_settings(**parts: str) -> Settings:
    """The settings from the environment and ``.env``, with *parts* that are not empty on top, and absolute paths.

    Raises:
        BadConfiguration: a value cannot work; the message names its variable.
    """
    try:
        settings = Settings.model_validate({name: value for name, value in parts.items() if value})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadConfiguration(f"ADLOOM_{name} cannot be {first['input']!r}: {first['msg']}.") from error
    urls = {name: _absolute(getattr(settings, name)) for name in _URLS if getattr(settings, name)}
    return settings.model_copy(update={"home": settings.home.absolute(), **urls})


def with_pepper(settings: Settings) -> Settings:
    """*settings* with the embedded platform's own pepper, where that exists and no other is set."""
    pepper = settings.home / "pepper"
    if "api_key_pepper" in settings.model_fields_set or not pepper.is_file():
        return settings
    return settings.model_copy(update={"api_key_pepper": SecretStr(pepper.read_text().strip())})


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with every setting spelled out, so that a child reads no other ``.env``."""
    return os.environ | {f"ADLOOM_{name.upper()}": _text(value) for name, value in settings}


def become(*command: str) -> NoReturn:
    """Turn this process into a server entry point: ``python -m *command*``, in the checkout."""
    root = find_checkout()
    settings = with_pepper(read_settings())
    sys.stdout.flush()
    os.chdir(root)
    os.execve(sys.executable, [sys.executable, "-m", *command], environment(settings))


def ask(*command: str) -> str:
    """Run a server entry point to its end and return what it printed.

    Raises:
        PlatformError: it failed; the message is its last word.
    """
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=find_checkout(),
        env=environment(with_pepper(read_settings())),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        lines = ended.stderr.strip().splitlines() or [f"'{' '.join(command)}' ended with code {ended.returncode}."]
        raise PlatformError(lines[-1])
    return ended.stdout


def absolute_folder(name: str) -> str:
    """*name*, made absolute if it is a folder here: what else it may be, is not ours to say."""
    return str(Path(name).absolute()) if name and Path(name).is_dir() else name


def _text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _absolute(url: str) -> str:
    """*url* with a relative path made absolute: children run in the checkout, not where the user stands."""
    for scheme in _LOCAL_SCHEMES:
        path = url.removeprefix(scheme)
        if path != url and path and not path.startswith("/"):
            return f"{scheme}{Path(path).absolute()}"
    return url
