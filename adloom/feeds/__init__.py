"""What marketers have: product feeds in the formats and encodings of practice, read into products."""

from adloom.feeds.feed import Feed, RowError
from adloom.feeds.read import read_feed

__all__ = ["Feed", "RowError", "read_feed"]
