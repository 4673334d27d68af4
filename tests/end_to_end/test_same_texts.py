"""The same spec and seed give the same texts, whatever the platform is made of."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.conftest import FreshDatabase
from tests.platforms import Platform, finish, platform

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"


def texts(starting: AbstractContextManager[Platform]) -> list[tuple[str, str, str, float]]:
    """Every text of a small campaign, with where it belongs and its score."""
    with starting as running:
        client = running.client
        running.start_worker("copy")
        feed = client.upload_feed("feed.tsv", (EXAMPLES / "feed.tsv").read_bytes())
        campaign = {"feed": feed["id"], "limit": 3, "channels": ["google_rsa"], "copy": "copy.lm"}
        job = finish(client, client.submit({"campaign": campaign, "seed": 11})["id"], seconds=180)
        assert job["state"] == "succeeded"
        return [
            (item["custom_id"] or "", variant["field"], variant["text"], variant["score"])
            for item in client.items(str(job["id"]))
            for variant in item["variants"]
        ]


def test_embedded_and_on_servers_a_seed_gives_the_same_texts(
    tmp_path: Path, tiny_weights: Path, fresh_database: FreshDatabase, redis_url: str
) -> None:
    settings = {"ADLOOM_WEIGHTS": str(tiny_weights), "ADLOOM_MICRO_BATCH": "1"}

    embedded = texts(platform(tmp_path / "embedded", settings=settings))
    on_servers = texts(
        platform(
            tmp_path / "servers",
            database_url=fresh_database("postgresql"),
            broker_url=redis_url,
            settings=settings,
        )
    )

    assert embedded == on_servers
    assert len(embedded) > 20
