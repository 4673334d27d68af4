"""``adloom run`` and ``adloom demo``: from a feed to a folder of ads."""

from pathlib import Path
from typing import Annotated

import typer

from adloom.cli.campaign import Campaign, Wishes, prepare, read_campaign
from adloom.cli.checkout import absolute_folder, find_checkout
from adloom.cli.interrupts import held_back, terminated_as_interrupted
from adloom.cli.options import ApiKey, BrokerUrl, DatabaseUrl, Out, Place, StorageUrl, Url
from adloom.cli.progress import show_all
from adloom.cli.reach import Reached, reach
from adloom.cli.results import closing_panel, save_results, summarise
from adloom.cli.screen import answers, say, shown
from adloom.core.errors import BadConfiguration
from adloom.core.states import JobState
from adloom.views import JobView

DEMO_CHANNELS = ("google_rsa", "meta_feed", "iab_fixed:300x250", "iab_fixed:728x90")
DEMO_SEED = 1
EXIT_CODES = {JobState.SUCCEEDED: 0, JobState.PARTIAL: 3, JobState.FAILED: 1, JobState.CANCELLED: 130}
POLL_SECONDS = 1.0  #: a person is watching, whatever the server would rather

Feed = Annotated[
    Path,
    typer.Argument(metavar="FEED", exists=True, dir_okay=False, help="Merchant Center, Shopify, CSV or JSON Lines."),
]
Channels = Annotated[
    list[str],
    typer.Option(metavar="CHANNEL", help="A channel, or channel:slot for one size; repeat it. See 'adloom channels'."),
]
BrandFile = Annotated[
    Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Brand, TOML or JSON.")
]
BriefFile = Annotated[
    Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Brief, TOML or JSON.")
]
Languages = Annotated[
    list[str] | None, typer.Option(metavar="TAG", help="Write ads in this language, e.g. de; repeat it for several.")
]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, help="Take only the first so many products.")]
Seed = Annotated[int | None, typer.Option(metavar="N", min=0, help="The same seed gives the same ads.")]
CopyKind = Annotated[
    str, typer.Option(metavar="KIND", help="Who writes: copy.lm (the default), copy.served or copy.template.")
]
Llm = Annotated[
    str, typer.Option(metavar="URL", help="An OpenAI-compatible server that writes the copy; needs --model.")
]
Model = Annotated[str, typer.Option(metavar="NAME", help="The model to ask that server for.")]
WeightsName = Annotated[str, typer.Option(metavar="NAME", help="Weights for copy.lm; see 'adloom weights list'.")]


def run(  # noqa: PLR0913  one parameter per option
    feed: Feed,
    channel: Channels,
    brand: BrandFile = None,
    brief: BriefFile = None,
    language: Languages = None,
    limit: Limit = None,
    out: Out = Path("out"),
    seed: Seed = None,
    copy: CopyKind = "",
    llm: Llm = "",
    model: Model = "",
    weights: WeightsName = "",
    url: Url = "",
    api_key: ApiKey = "",
    database_url: DatabaseUrl = "",
    broker_url: BrokerUrl = "",
    storage_url: StorageUrl = "",
) -> None:
    """Make ads for the products of a feed and save them into a folder.

    Ctrl-C cancels and saves what is finished; a second one quits at once.
    Exit code: 0 everything was made, 3 something failed, 1 nothing was made, 130 cancelled.
    """
    if bool(llm) != bool(model):
        raise typer.BadParameter("--llm and --model belong together.")
    kind = copy or ("copy.served" if llm else "copy.lm")
    wishes = Wishes(
        feed, channel, brand, brief, language or (), limit, seed, copy_kind=kind, weights=absolute_folder(weights)
    )
    parts = {"database_url": database_url, "broker_url": broker_url, "storage_url": storage_url}
    place = Place(url, api_key, {**parts, "llm_url": llm, "llm_model": model})
    raise typer.Exit(carry_out(place, read_campaign(wishes), out, next_steps=["adloom channels, for more sizes"]))


def demo(
    limit: Limit = None,
    out: Out = Path("out/demo"),
    url: Url = "",
    api_key: ApiKey = "",
) -> None:
    """Make ads for a small example catalogue, to see what comes out."""
    examples = find_checkout() / "examples"
    if not examples.is_dir():
        raise BadConfiguration(f"{examples} does not exist. Run the demo in a clone of the repository.")
    wishes = Wishes(
        feed=examples / "feed.tsv",
        channels=DEMO_CHANNELS,
        brand=examples / "brand.toml",
        brief=examples / "brief.toml",
        limit=limit,
        seed=DEMO_SEED,
    )
    steps = [
        "adloom run YOUR_FEED --channel google_rsa --channel meta_feed --brand YOUR_BRAND.toml",
        "adloom channels, for every channel and size there is",
    ]
    raise typer.Exit(carry_out(Place(url, api_key), read_campaign(wishes), out, next_steps=steps))


def carry_out(place: Place, campaign: Campaign, out: Path, *, next_steps: list[str]) -> int:
    """Submit the campaign, watch it, save what it made, say so; return the exit code."""
    with terminated_as_interrupted(), reach(place) as platform:
        job = make(platform, campaign)
        summary = summarise(platform.client.items(job["id"]))
        written = save_results(platform.client, job["id"], out, channels=summary.channels)
    steps = [f"open {shown(out / 'report.html')} in a browser"] if summary.products else []
    if out / "google_ads_editor.csv" in written and summary.products:
        steps.append("import google_ads_editor.csv in Google Ads Editor: Account > Import > From file")
    answers().print(closing_panel(job, summary, written=written, next_steps=[*steps, *next_steps]))
    return EXIT_CODES[JobState(job["state"])]


def make(platform: Reached, campaign: Campaign) -> JobView:
    """Submit the campaign and watch it to its end; the first Ctrl-C cancels it, a second one is passed on."""
    request = prepare(platform.client, campaign)
    job: JobView | None = None
    try:
        with held_back():
            job = platform.client.submit(request)
        say(f"Job {job['id']}: {job['total']} items.")
        return watch_job(platform, job["id"])
    except KeyboardInterrupt:
        if job is None:
            raise
        say("Cancelling; what is finished will be saved. Ctrl-C again quits at once.")
        platform.client.cancel(job["id"])
        return watch_job(platform, job["id"])


def watch_job(platform: Reached, job_id: str) -> JobView:
    """Show the job's progress until it is final."""
    views = platform.client.watch(job_id, cap_seconds=POLL_SECONDS)
    return show_all(views, between=platform.check, if_stuck=platform.if_stuck)
