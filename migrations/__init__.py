"""The schema's history.  ``python -m migrations`` brings a database to the newest revision."""

from migrations.upgrade import upgrade

__all__ = ["upgrade"]
