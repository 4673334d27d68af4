"""Worker processes, as they report themselves."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

ALIVE = timedelta(seconds=30)  #: a worker seen within this time is alive: two heartbeats


class Worker(Base):
    """One incarnation of one worker process."""

    __tablename__ = "workers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    main: Mapped[UUID]  #: the incarnation of the process that started it: its next child settles what it leaves behind
    lanes: Mapped[list[Any]]
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
