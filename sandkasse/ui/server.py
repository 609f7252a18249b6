"""The server: Streamlit's own, with the database opened before the first visitor comes."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import streamlit as st
from starlette.middleware import Middleware

from sandkasse import config, mailing
from sandkasse.config import PROJECT_FOLDER, Settings
from sandkasse.errors import SandkasseError
from sandkasse.i18n import _
from sandkasse.local_socket import serve_socket
from sandkasse.ui import headers
from sandkasse.ui.headers import Headers
from sandkasse.ui.messages import Messages
from sandkasse.ui.store import database
from sandkasse.ui.text import plain

log = logging.getLogger("sandkasse")


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the database and the local socket; at the end write everything out and let go."""
    db = database()
    socket = serve_socket(db)
    worker = mailing.Worker(mailing.steps(db, config.settings()), mailing.PAUSE_SECONDS)
    # Imported before the first visitor needs it: the statistics take a second to load.
    import statsmodels.duration.survfunc  # noqa: F401

    # What is loaded by now stays: a collection of garbage while somebody waits need not look at it.
    gc.freeze()
    try:
        yield {"database": db}
    finally:
        socket.stop()
        worker.stop()
        db.close()
        database.clear()


def on_script_error(error: Exception) -> bool:
    """Say that something failed, with a reference that finds it in the log; never a traceback."""
    if isinstance(error, SandkasseError):
        st.error(plain(error.message), icon=":material/info:")
        return True
    reference = uuid4().hex[:8]
    log.exception("Reference %s", reference, exc_info=error)
    st.error(
        _(
            "Something went wrong on our side. Nothing was changed. Try again; if it happens once "
            "more, tell the project lead this reference: {reference}"
        ).format(reference=reference),
        icon=":material/error:",
    )
    return True


def application(settings: Settings) -> st.App:
    """The ASGI application."""
    return st.App(
        PROJECT_FOLDER / "app.py",
        lifespan=lifespan,
        on_script_error=on_script_error,
        middleware=[
            Middleware(Headers, by_tls=settings.web_address.startswith("https:")),
            Middleware(Messages),
        ],
        exception_handlers={Exception: headers.on_server_error},
    )


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    application(settings).run(
        config={"server.address": settings.address, "server.port": settings.port}
    )
