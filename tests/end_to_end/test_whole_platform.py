"""HTTP in, database, bells, workers, assets, exports out: with real processes."""

import csv
import io
import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from tests.end_to_end.conftest import Starter
from tests.platforms import finish, until

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "examples"

QUICK = {  # production's timers, scaled down
    "ADLOOM_LEASE_SECONDS": "3",
    "ADLOOM_HEARTBEAT_SECONDS": "0.5",
    "ADLOOM_SWEEP_SECONDS": "0.5",
    "ADLOOM_GRACE_SECONDS": "0.5",
}


def test_a_feed_becomes_ads(start_platform: Starter, tmp_path: Path) -> None:
    with start_platform({}) as platform:
        client = platform.client
        platform.start_worker("copy", "banner")
        feed = client.upload_feed("feed.tsv", (EXAMPLES / "feed.tsv").read_bytes())
        for image in client.feed_images(feed["id"]):
            client.upload_image(feed["id"], image["reference"], (EXAMPLES / image["reference"]).read_bytes())
        campaign = {
            "feed": feed["id"],
            "limit": 2,
            "channels": ["google_rsa", "iab_fixed:300x250"],
            "copy": "copy.template",
        }

        job = finish(client, client.submit({"campaign": campaign, "seed": 7})["id"])

        assert job["state"] == "succeeded", list(client.items(str(job["id"]), state="failed"))
        assert job["total"] == 6  # per product: a text ad, the banner's words, the banner
        banner = next(item for item in client.items(str(job["id"])) if item["kind"] == "banner.compose")
        asset = banner["variants"][0]["asset"]
        assert asset is not None
        assert Image.open(io.BytesIO(client.asset(asset["id"]))).size == (300, 250)
        client.save_export(str(job["id"]), "copy", tmp_path / "copy.csv")
        rows = list(csv.DictReader((tmp_path / "copy.csv").read_text("utf-8-sig").splitlines()))
        assert {row["source"] for row in rows} == {"template"}


def test_a_killed_worker_loses_nothing_and_doubles_nothing(start_platform: Starter) -> None:
    with start_platform(QUICK) as platform:
        client = platform.client
        worker = platform.start_worker("copy")
        specs = [{"kind": "noop", "spec": {"seconds": 0.02, "payload": str(n)}} for n in range(300)]
        job = client.submit({"items": specs})["id"]
        until(lambda: client.job(job)["counts"]["leased"] > 0, what="the first lease")

        os.killpg(worker.pid, signal.SIGKILL)
        time.sleep(0.5)
        platform.start_worker("copy")
        done = finish(client, job)

        assert done["state"] == "succeeded"
        texts = Counter(item["variants"][0]["text"] for item in client.items(job))
        assert texts == Counter({str(n): 1 for n in range(300)})
        assert max(item["attempts"] for item in client.items(job)) == 2  # someone was interrupted


def test_a_stopped_worker_gives_its_work_back_at_no_charge(start_platform: Starter) -> None:
    with start_platform({**QUICK, "ADLOOM_DRAIN_SECONDS": "1"}) as platform:
        client = platform.client
        worker = platform.start_worker("copy")
        job = client.submit({"items": [{"kind": "noop", "spec": {"seconds": 0.05}} for _ in range(100)]})["id"]
        until(lambda: client.job(job)["counts"]["leased"] > 0, what="the first lease")

        os.kill(worker.pid, signal.SIGTERM)
        worker.wait(30)
        counts = client.job(job)["counts"]
        assert counts["leased"] == 0
        assert counts["queued"] > 0
        platform.start_worker("copy")

        assert finish(client, job)["state"] == "succeeded"
        assert not any(item["error"] for item in client.items(job))


def test_a_cancelled_job_stops_at_once(start_platform: Starter) -> None:
    with start_platform(QUICK) as platform:
        client = platform.client
        platform.start_worker("copy")
        job = client.submit({"items": [{"kind": "noop", "spec": {"seconds": 60}} for _ in range(3)]})["id"]
        until(lambda: client.job(job)["counts"]["leased"] == 3, what="the leases")

        assert client.cancel(job)["state"] == "cancelled"
        other = client.submit({"items": [{"kind": "noop", "spec": {}}]})["id"]

        assert finish(client, other, seconds=20)["state"] == "succeeded"  # the worker let go of the cancelled ones
