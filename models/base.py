"""What every table shares: naming of constraints and how Python types become columns."""

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from adloom.core.lanes import Lane
from adloom.core.states import ItemState, JobState
from models.types import UtcDateTime, text_enum


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {  # Any: SQLAlchemy's own signature
        datetime: UtcDateTime(),
        ItemState: text_enum(ItemState),
        JobState: text_enum(JobState),
        Lane: text_enum(Lane),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
    }
