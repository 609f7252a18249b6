"""Journeys: the stages an idea goes through, their gates, and the ways out.

A journey is data: one TOML file. It is read, checked and kept in the database, from where every
screen and figure takes it.
"""

from sandkasse.journeys.journey import (
    EXIT_KINDS,
    ContactRule,
    Exit,
    Gate,
    Journey,
    Stage,
    Text,
    Variant,
)
from sandkasse.journeys.reading import load_file, load_folder
from sandkasse.journeys.stored import all_journeys, get, store, sync

__all__ = [
    "EXIT_KINDS",
    "ContactRule",
    "Exit",
    "Gate",
    "Journey",
    "Stage",
    "Text",
    "Variant",
    "all_journeys",
    "get",
    "load_file",
    "load_folder",
    "store",
    "sync",
]
