"""What an operator sets reaches the generators."""

from dataclasses import fields
from typing import Any

import pytest

from adloom.core.settings import Settings
from generators.registry import GeneratorSettings
from worker.runtime import generator_settings

CHOSEN: dict[str, Any] = {  # Any: each setting has its own type
    "llm_url": "http://127.0.0.1:9",
    "llm_model": "some-model",
    "llm_api_key": "k-1",
    "llm_concurrency": 64,
    "llm_connect_seconds": 1.5,
    "llm_read_seconds": 60.5,
    "llm_item_seconds": 90.5,
    "llm_pause_seconds": 0.25,
    "llm_temperature": 0.1,
    "llm_top_p": 0.5,
}


def test_every_setting_of_the_language_model_server_is_looked_at() -> None:
    assert set(CHOSEN) == {field.name for field in fields(GeneratorSettings) if field.name.startswith("llm_")}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_setting_of_the_language_model_server_reaches_its_generator(name: str) -> None:
    settings = Settings(**{name: CHOSEN[name]})
    made = getattr(generator_settings(settings), name)
    assert made == getattr(settings, name)
    assert made != Settings.model_fields[name].default


@pytest.mark.parametrize("name", CHOSEN)
def test_generators_have_the_same_defaults_as_the_platform(name: str) -> None:
    assert getattr(GeneratorSettings(), name) == Settings.model_fields[name].default
