"""Commands about jobs: submit, watch, list, cancel, export."""

from pathlib import Path
from typing import Annotated

import typer

from adloom.cli.files import read_document
from adloom.cli.options import ApiKey, JobId, Json, Out, Place, Url
from adloom.cli.reach import reach
from adloom.cli.results import closing_panel, save_results, summarise
from adloom.cli.run import EXIT_CODES, watch_job
from adloom.cli.screen import answers, count, print_json, say
from adloom.core.errors import Invalid
from adloom.core.states import JobState


def submit(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            metavar="FILE",
            dir_okay=False,
            help='JSON: {"items": […]}, {"campaign": {…}} or a list of items.',
        ),
    ],
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every item is final.")] = False,
    url: Url = "",
    api_key: ApiKey = "",
) -> None:
    """Submit a job and print it as JSON.

    Without --wait the platform must already be running: see 'adloom up'.
    """
    request = read_document(file)
    if isinstance(request, list):
        request = {"items": request}
    if not isinstance(request, dict):
        raise Invalid(f"{file} holds neither a job nor a list of items.")
    with reach(Place(url, api_key), start=wait) as platform:
        job = platform.client.submit(request)
        if wait:
            job = watch_job(platform, job["id"])
    print_json(job)
    if wait:
        raise typer.Exit(EXIT_CODES[JobState(job["state"])])


def watch(job: JobId, as_json: Json = False, url: Url = "", api_key: ApiKey = "") -> None:
    """Show a job's progress until it is final.

    Ctrl-C stops watching, not the job; on the embedded platform it goes on with the next command.
    """
    with reach(Place(url, api_key)) as platform:
        view = watch_job(platform, job)
    if as_json:
        print_json(view)
    else:
        counts = ", ".join(f"{number} {state}" for state, number in view["counts"].items() if number)
        answers().print(f"Job {view['id']} {view['state']}: {counts}.")
    raise typer.Exit(EXIT_CODES[JobState(view["state"])])


def jobs(as_json: Json = False, url: Url = "", api_key: ApiKey = "") -> None:
    """List your jobs, newest first."""
    with reach(Place(url, api_key)) as platform:
        views = list(platform.client.jobs())
    if as_json:
        print_json(views)
        return
    if not views:
        say("No jobs yet.")
        return
    console = answers()
    console.print(_line("Job", "State", "Done", "Failed", "Created", "Name"), style="bold", soft_wrap=True)
    for view in views:
        done = f"{view['counts'].get('succeeded', 0)} of {view['total']}"
        failed, created = str(view["counts"].get("failed", 0)), view["created_at"][:16].replace("T", " ")
        console.print(
            _line(view["id"], view["state"], done, failed, created, view["name"]), soft_wrap=True, markup=False
        )


def _line(*cells: str) -> str:
    """One line of the list: an id that a table cuts short is of no use, so a terminal may wrap it instead."""
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, (36, 9, 12, 6, 16, 0), strict=True)).rstrip()


def cancel(job: JobId, url: Url = "", api_key: ApiKey = "") -> None:
    """Cancel a job: what is finished stays, nothing else starts."""
    with reach(Place(url, api_key)) as platform:
        view = platform.client.cancel(job)
    finished = view["counts"].get("succeeded", 0)
    say(f"Job {view['id']} is {view['state']}; {count(finished, 'finished item')} kept.")


def export(job: JobId, out: Out = Path("out"), url: Url = "", api_key: ApiKey = "") -> None:
    """Save what a job has made so far into a folder."""
    with reach(Place(url, api_key)) as platform:
        view = platform.client.job(job)
        summary = summarise(platform.client.items(job))
        written = save_results(platform.client, job, out, channels=summary.channels)
    steps = [f"open {out / 'report.html'} in a browser"]
    if view["state"] == JobState.RUNNING:
        steps.append(f"adloom watch {job}      the job is still running")
    answers().print(closing_panel(view, summary, written=written, next_steps=steps))
