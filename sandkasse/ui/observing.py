"""A run of the app as whoever runs the server sees it: one number, one line in the log, one
measure. The number is the reference that the error screen shows."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from sandkasse import logs, measures
from sandkasse.people import Actor


@contextmanager
def run() -> Iterator[logs.Run]:
    """A run of the app. What ends it passes through: an error, or Streamlit's own stopping and
    starting again."""
    begun, began, outcome = logs.begin_run(), time.perf_counter(), "done"
    try:
        yield begun
    except Exception:
        outcome = "failed"
        raise
    finally:
        measures.page(begun.page, outcome, time.perf_counter() - began)


def tell(run: logs.Run, chosen: "st.Page", actor: Actor | None) -> None:
    """Note which page is run, and in which roles somebody is here: nothing else of who it is."""
    run.page = chosen.url_path or "home"
    if actor is not None:
        run.role = "+".join(sorted(role.value for role in actor.roles)) or "none"
