"""The shapes of the API's answers, as the client hands them out: the server has validated them."""

from typing import Any, NotRequired, TypedDict

JSON = dict[str, Any]  # Any: JSON


class WebhookView(TypedDict):
    """A job's webhook, and how the telling goes."""

    url: str
    state: str
    event: str | None
    attempts: int
    outcome: str
    next_attempt_at: str | None


class Estimate(TypedDict):
    """When a job ends: as likely before the first as after, rarely after the second."""

    p50_at: str
    p90_at: str


class JobView(TypedDict):
    """A job, with its items counted by state."""

    id: str
    name: str
    state: str
    total: int
    counts: dict[str, int]
    seed: int
    created_at: str
    paused_at: str | None
    deadline_at: str | None
    finished_at: str | None
    webhook: WebhookView | None
    estimate: Estimate | None
    links: dict[str, str]


class AssetView(TypedDict):
    """One stored file."""

    id: str
    url: str
    media_type: str
    sha256: str
    size_bytes: int


class VariantView(TypedDict):
    """One alternative for one field or slot of an item."""

    number: int
    field: str
    text: str
    source: str
    score: float
    details: JSON
    asset: AssetView | None


class ItemError(TypedDict):
    """Why an item failed, for its owner."""

    code: str
    message: str
    retryable: bool


class Waiting(TypedDict):
    """Why no worker has an item yet."""

    reason: str
    detail: str
    ahead: int | None
    parents: int | None
    run_at: str | None


class ItemView(TypedDict):
    """One item with its variants."""

    id: str
    job_id: str
    position: int
    kind: str
    custom_id: str | None
    metadata: JSON
    state: str
    error: ItemError | None
    waiting: Waiting | None
    attempts: int
    notes: list[str]
    provenance: JSON
    created_at: str
    finished_at: str | None
    spec: JSON
    variants: list[VariantView]


class RowError(TypedDict):
    """What is wrong with one row of a feed."""

    line: int
    field: str
    code: str
    message: str


class FeedView(TypedDict):
    """An uploaded feed: how many products it holds and which rows could not be read."""

    id: str
    name: str
    format: str
    products: int
    errors: list[RowError]
    images_needed: int


class ImageView(TypedDict):
    """An image that a feed refers to, and whether the server has it."""

    reference: str
    state: str
    width_px: NotRequired[int]
    height_px: NotRequired[int]


class ExportView(TypedDict):
    """One file that a job can be exported to."""

    format: str
    file_name: str
    media_type: str
    url: str
