"""The command line, for whoever runs the server."""

from sandkasse.cli.program import main

__all__ = ["main"]
