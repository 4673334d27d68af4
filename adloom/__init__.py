"""Adloom: the job queue for advertising content.  This package is the library anyone installs: no torch, no server."""

__version__ = "0.1.0"
