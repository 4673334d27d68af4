"""Exports: a job's results as files.  A running job exports what is finished so far."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import StreamingResponse

from api.again import RepeatingRoute
from api.dependencies import Owner, PartsDep
from api.openapi import PROBLEMS, binary
from api.views import ExportView, PageView
from services.exports import FORMATS, export, find_format
from services.results import collect
from services.views import find_job

router = APIRouter(prefix="/v1/jobs", tags=["exports"], responses=PROBLEMS, route_class=RepeatingRoute)

FormatName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", examples=["copy"])]


@router.get("/{job_id}/exports")
def list_all(job_id: UUID, owner: Owner, parts: PartsDep) -> PageView[ExportView]:
    """The files that this job can be exported to."""
    with parts.database.sessions.read() as session:
        find_job(session, job_id, owner=owner)
    views = [
        ExportView(
            format=format.name,
            file_name=format.file_name,
            media_type=format.media_type,
            url=f"/v1/jobs/{job_id}/exports/{format.name}",
        )
        for format in FORMATS.values()
    ]
    return PageView(data=views)


@router.get(
    "/{job_id}/exports/{format_name}",
    response_class=StreamingResponse,
    responses=binary("The file.", *{format.media_type.partition(";")[0] for format in FORMATS.values()}),
)
def get(job_id: UUID, format_name: FormatName, owner: Owner, parts: PartsDep) -> StreamingResponse:
    """One file, made from what is finished so far."""
    format = find_format(format_name)
    with parts.database.sessions.read() as session:
        results = collect(session, job_id, owner=owner, kinds=parts.kinds)
    return StreamingResponse(  # after the session: reading files should hold no snapshot of the database
        export(format, results, parts.store),
        media_type=format.media_type,
        headers={"Content-Disposition": f'attachment; filename="{format.file_name}"'},
    )
