"""The command line.  It talks HTTP to a platform, and can start one."""

from adloom.cli.app import main

__all__ = ["main"]
