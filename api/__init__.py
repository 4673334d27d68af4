"""The HTTP entry point: parses, calls one service, shapes the answer."""
