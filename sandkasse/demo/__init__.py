"""Synthetic data for demonstrations, tests and measurements: people who do not exist, with ideas
that behave like real ones over the last two years up to now.

The same seed and the same moment give the same rows.
"""

from sandkasse.demo.generator import DemoReport, fill
from sandkasse.demo.personas import PERSONAS, Persona

__all__ = ["PERSONAS", "DemoReport", "Persona", "fill"]
