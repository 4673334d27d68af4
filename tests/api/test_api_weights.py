"""Which weights a request may name."""

import pytest

from adloom.core.errors import WeightsNotAllowed
from adloom.core.settings import Settings
from api.app import weights_for


def test_the_platforms_own_weights_are_the_default() -> None:
    assert weights_for(Settings())("copy.lm", "").startswith("smollm2-135m-instruct@")


@pytest.mark.parametrize("name", ["/etc", "org/model", "smollm2-135m-instruct@000000000000"])
def test_a_request_cannot_name_a_folder_of_the_server_or_something_to_download(name: str) -> None:
    with pytest.raises(WeightsNotAllowed):
        weights_for(Settings())("copy.lm", name)


@pytest.mark.parametrize("extra", ["other, org/model", "*"])
def test_it_can_name_what_the_operator_lists(extra: str) -> None:
    assert weights_for(Settings(extra_weights=extra))("copy.lm", "org/model") == "org/model"
