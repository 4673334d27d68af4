"""The database: tables and named queries.  The only package that writes SQL."""

from sqlalchemy.orm import Session

from models.base import Base
from models.brand import StoredBrand
from models.delivery import Delivery
from models.engine import Clock, Database, DatabaseTrouble, Sessions, is_cut_off, is_of_commit, open_database
from models.feed import Feed, FeedImage, FeedProduct
from models.item import Asset, Attempt, FairShare, Item, ItemParent
from models.job import Job
from models.key import ApiKey
from models.owner import LaneState, Owner, Work
from models.worker import ALIVE, Worker

__all__ = [
    "ALIVE",
    "ApiKey",
    "Asset",
    "Attempt",
    "Base",
    "Clock",
    "Database",
    "DatabaseTrouble",
    "Delivery",
    "FairShare",
    "Feed",
    "FeedImage",
    "FeedProduct",
    "Item",
    "ItemParent",
    "Job",
    "LaneState",
    "Owner",
    "Session",
    "Sessions",
    "StoredBrand",
    "Work",
    "Worker",
    "is_cut_off",
    "is_of_commit",
    "open_database",
]
