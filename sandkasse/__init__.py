"""Sandkasse: an idea bank, a mentors' board and a funnel.

People append what happened; every screen, figure and document is read from that.
"""

__version__ = "0.1.0"
