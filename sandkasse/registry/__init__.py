"""Enhetsregisteret: what the company register says of the companies that ideas became."""

from sandkasse.registry.client import Client, Company, Finding
from sandkasse.registry.companies import Reading, join, of_idea, part, read_again
from sandkasse.registry.feed import Refreshed, refresh

__all__ = [
    "Client",
    "Company",
    "Finding",
    "Reading",
    "Refreshed",
    "join",
    "of_idea",
    "part",
    "read_again",
    "refresh",
]
