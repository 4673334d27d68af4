"""``adloom run`` against a scripted server: what goes up, what comes down, what is said."""

import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adloom.command_line import Ended, adloom
from tests.adloom.platform_server import Answer, ScriptedServer, job_view, problem, serving

ROWS = ["1", "2", "3"]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as script:
        script_a_platform(script)
        yield script


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a feed, two of its three photos, a brand with a logo and, outside of it, a secret."""
    folder = tmp_path / "shop"
    (folder / "images").mkdir(parents=True)
    (folder / "feed.tsv").write_text("a feed")
    (folder / "images" / "1.webp").write_bytes(b"photo 1")
    (folder / "images" / "2.webp").write_bytes(b"broken")
    (folder / "logo.png").write_bytes(b"logo")
    (folder / "brand.toml").write_text('name = "North Gear"\nlogo = "logo.png"\n')
    (folder / "brief.json").write_text('{"audience": "hikers"}')
    (tmp_path / "secret").write_text("not yours")
    return folder


def script_a_platform(server: ScriptedServer) -> None:
    """A platform with three products, whose job ends at the second look: one item failed, two made something."""
    errors = [{"line": 7, "field": "price", "code": "bad-price", "message": "'ten' is no price."}]
    feed = {"id": "f", "name": "feed.tsv", "format": "merchant", "products": 3, "errors": errors, "images_needed": 3}
    products = [{"id": row, "title": "T", "image": f"images/{row}.webp", "more_images": []} for row in ROWS]
    images = [{"reference": f"images/{row}.webp", "state": "needed"} for row in ROWS]
    server.on("POST", "/v1/feeds", Answer(feed, status=201))
    server.on("GET", "/v1/feeds/f/products", Answer({"data": products, "next_cursor": None}))
    server.on("GET", "/v1/feeds/f/images", Answer({"data": images}))
    server.routes["PUT", "/v1/feeds/f/images"] = lambda seen: (
        problem(422, "bad-image", "These bytes are no image.") if seen.body == b"broken" else Answer({})
    )
    server.on("PUT", "/v1/brands/north-gear", Answer({}))
    server.on("PUT", "/v1/brands/north-gear/logo", Answer({}))
    server.on("POST", "/v1/jobs", Answer(job_view(total=3), status=202))
    ended = job_view("partial", total=3, succeeded=2, failed=1)
    server.on("GET", "/v1/jobs/job-1", Answer(job_view(total=3), headers={"Retry-After": "0.01"}), Answer(ended))
    server.on("GET", "/v1/jobs/job-1/items", Answer({"data": items(), "next_cursor": None}))
    exports = [("copy", "copy.csv", "text/csv"), ("banners", "banners.zip", "application/zip")]
    exports += [("google_ads_editor", "google_ads_editor.csv", "text/csv")]
    listed = [{"format": name, "file_name": file, "media_type": kind, "url": ""} for name, file, kind in exports]
    server.on("GET", "/v1/jobs/job-1/exports", Answer({"data": listed}))
    server.on("GET", "/v1/jobs/job-1/exports/copy", Answer(b"product\n1\n"))
    server.on("GET", "/v1/jobs/job-1/exports/banners", Answer(archive({"1_tent_300x250.jpg": b"jpeg"})))


def items() -> list[dict[str, Any]]:
    text = {"number": 0, "field": "headline", "text": "Sleep dry", "source": "guided", "asset": None}
    banner = {"number": 0, "field": "300x250", "text": "", "source": "composed", "asset": {"id": "a"}}
    plain: dict[str, Any] = {
        "notes": [],
        "error": None,
        "spec": {"product": {"id": "1"}, "channel": "iab_fixed"},
        "state": "succeeded",
        "custom_id": "1/x",
    }
    error = {"code": "no-photo", "message": "The photo is missing.", "retryable": False}
    return [
        plain | {"variants": [text, text], "notes": ["add material for more"]},
        plain | {"variants": [banner]},
        plain | {"variants": [], "state": "failed", "error": error, "custom_id": "2/iab_fixed:300x250"},
    ]


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return buffer.getvalue()


def run_shop(capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path, *more: object) -> Ended:
    arguments = ["--channel", "iab_fixed:300x250", "--out", shop / "out", "--url", server.url, "--api-key", "k", *more]
    return adloom(capsys, "run", shop / "feed.tsv", *arguments)


def uploads(server: ScriptedServer) -> dict[str, bytes]:
    return {
        seen.query["reference"]: seen.body for seen in server.seen if seen.path == "/v1/feeds/f/images" and seen.body
    }


def submitted(server: ScriptedServer) -> dict[str, Any]:
    bodies = [json.loads(seen.body) for seen in server.seen if (seen.method, seen.path) == ("POST", "/v1/jobs")]
    assert len(bodies) == 1
    return dict(bodies[0])


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_results_are_saved_and_told(capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path) -> None:
    ended = run_shop(capsys, server, shop)
    assert ended.code == 3  # something failed
    assert (shop / "out" / "copy.csv").read_bytes() == b"product\n1\n"
    assert (shop / "out" / "banners" / "1_tent_300x250.jpg").read_bytes() == b"jpeg"
    assert not (shop / "out" / "banners.zip").exists()
    assert not (shop / "out" / "google_ads_editor.csv").exists()  # no search ads were asked for
    for said in (
        "1 product: 2 texts (2 guided), 1 banner",
        "The photo is missing.",
        "add material for more",
        "report.html",
    ):
        assert said in words(ended.out)


def test_a_second_run_leaves_no_banners_of_the_first(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    run_shop(capsys, server, shop)
    (shop / "out" / "banners" / "mine.jpg").write_bytes(b"put there by hand")
    server.on("GET", "/v1/jobs/job-1/exports/banners", Answer(archive({"new.jpg": b"jpeg"})))
    run_shop(capsys, server, shop)
    assert {path.name for path in (shop / "out" / "banners").glob("*.jpg")} == {"new.jpg", "mine.jpg"}


def test_an_archive_cannot_write_outside_the_folder(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    server.on("GET", "/v1/jobs/job-1/exports/banners", Answer(archive({"../../escaped.jpg": b"jpeg"})))
    run_shop(capsys, server, shop)
    run_shop(capsys, server, shop)  # the second one also removes what the first unpacked
    assert not list(shop.parent.glob("escaped.jpg"))
    assert not list(shop.glob("escaped.jpg"))


def test_broken_rows_are_shown_with_line_and_field(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    assert "feed.tsv, line 7, price: 'ten' is no price." in words(run_shop(capsys, server, shop).err)


def test_photos_go_up_and_missing_or_broken_ones_are_told_with_their_product(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    said = words(run_shop(capsys, server, shop).err)
    assert uploads(server)["images/1.webp"] == b"photo 1"
    assert "product 2, image images/2.webp: These bytes are no image." in said
    assert "product 3, image images/3.webp" in said


def test_only_the_photos_of_the_products_that_are_taken_go_up(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    run_shop(capsys, server, shop, "--limit", 1)
    assert set(uploads(server)) == {"images/1.webp"}
    assert submitted(server)["campaign"]["limit"] == 1


def test_channels_without_creatives_need_no_photos(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    ended = adloom(
        capsys, "run", shop / "feed.tsv", "--channel", "google_rsa", "--url", server.url, "--out", shop / "out"
    )
    assert ended.code == 3
    assert uploads(server) == {}


@pytest.mark.parametrize("reference", ["../secret", "/etc/hostname", "link"])
def test_no_file_outside_the_feeds_folder_goes_up(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path, reference: str
) -> None:
    (shop / "link").symlink_to(shop.parent / "secret")
    product = {"id": "1", "title": "T", "image": reference}
    server.on("GET", "/v1/feeds/f/products", Answer({"data": [product], "next_cursor": None}))
    server.on("GET", "/v1/feeds/f/images", Answer({"data": [{"reference": reference, "state": "needed"}]}))
    said = words(run_shop(capsys, server, shop).err)
    assert "lies outside" in said
    assert uploads(server) == {}


def test_the_languages_of_the_command_line_hold_instead_of_the_briefs(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    (shop / "brief.json").write_text('{"audience": "hikers", "language": "en"}')
    run_shop(capsys, server, shop, "--brief", shop / "brief.json", "--language", "de", "--language", "zh-Hans")
    brief = submitted(server)["campaign"]["brief"]
    assert (brief["audience"], brief["language"], brief["languages"]) == ("hikers", "", ["de", "zh-Hans"])


def test_a_language_that_is_none_is_refused_before_anything_starts(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    ended = run_shop(capsys, server, shop, "--language", "German!")
    assert ended.code != 0
    assert "--language" in ended.err
    assert uploads(server) == {}


def test_brand_logo_and_brief_travel_with_the_campaign(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    files = ["--brand", shop / "brand.toml", "--brief", shop / "brief.json", "--seed", 5]
    run_shop(capsys, server, shop, *files)
    request = submitted(server)
    assert request["seed"] == 5
    assert request["campaign"]["brand"] == "north-gear"
    assert request["campaign"]["brief"]["audience"] == "hikers"
    assert [seen.body for seen in server.seen if seen.path == "/v1/brands/north-gear/logo"] == [b"logo"]


def test_a_feed_without_a_usable_product_is_an_error(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path
) -> None:
    server.on("POST", "/v1/feeds", Answer({"id": "f", "products": 0, "errors": []}))
    ended = run_shop(capsys, server, shop)
    assert ended.code == 1
    assert "no product" in words(ended.err)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (problem(401, "unauthorized", "There is no such key."), "ADLOOM_API_KEY"),
        (problem(413, "too-large", "A request may have at most 25 MB."), "at most 25 MB"),
        (problem(422, "bad-feed", "This is a photo, not a feed."), "This is a photo"),
    ],
)
def test_what_the_platform_refuses_is_said_in_its_words(
    capsys: pytest.CaptureFixture[str], server: ScriptedServer, shop: Path, answer: Answer, said: str
) -> None:
    server.on("POST", "/v1/feeds", answer)
    ended = run_shop(capsys, server, shop)
    assert ended.code == 1
    assert said in words(ended.err)


@pytest.fixture
def started(server: ScriptedServer, shop: Path) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own, whose job will not end by itself."""
    server.on("GET", "/v1/jobs/job-1", Answer(job_view(total=3, succeeded=1), headers={"Retry-After": "0.05"}))
    command = [sys.executable, "-m", "adloom", "run", shop / "feed.tsv", "--channel", "google_rsa"]
    with subprocess.Popen(
        [*map(str, command), "--url", server.url, "--out", str(shop / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for(server, "GET", "/v1/jobs/job-1")
        yield process
        process.kill()


def wait_for(server: ScriptedServer, method: str, path: str) -> None:
    for _ in range(500):
        if any((seen.method, seen.path) == (method, path) for seen in server.seen):
            return
        time.sleep(0.02)
    raise AssertionError(f"no {method} {path}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cancels_waits_and_saves_what_is_finished(
    server: ScriptedServer, shop: Path, started: subprocess.Popen[str], number: signal.Signals
) -> None:
    ended = job_view("cancelled", total=3, succeeded=1)

    def cancel(_: object) -> Answer:
        server.on("GET", "/v1/jobs/job-1", Answer(ended))
        return Answer(ended, status=202)

    server.routes["POST", "/v1/jobs/job-1/cancel"] = cancel
    started.send_signal(number)
    out, err = started.communicate(timeout=20)
    assert started.returncode == 130
    assert "Cancelling" in err
    assert "what was finished is kept" in words(out)
    assert (shop / "out" / "copy.csv").exists()


def test_a_second_ctrl_c_quits_at_once(server: ScriptedServer, started: subprocess.Popen[str]) -> None:
    server.on("POST", "/v1/jobs/job-1/cancel", Answer(job_view(total=3), status=202))  # and it never ends
    started.send_signal(signal.SIGINT)
    wait_for(server, "POST", "/v1/jobs/job-1/cancel")
    time.sleep(0.2)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=5)
    assert started.returncode == 130
    assert "Traceback" not in err
