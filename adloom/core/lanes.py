"""The pools of capacity that items wait for."""

from enum import StrEnum


class Lane(StrEnum):
    """A pool of capacity, one Celery queue each.  Values are stored in the database: never rename one."""

    COPY = "copy"  #: language models
    IMAGE = "image"  #: image networks
    BANNER = "banner"  #: the composer: processor time only
    TRAIN = "train"  #: training runs
