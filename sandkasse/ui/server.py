"""The server: Streamlit's own, with the database opened before the first visitor comes."""

import gc
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
import streamlit.logger
from starlette.middleware import Middleware
from uvicorn.config import LOGGING_CONFIG

from sandkasse import __version__, config, heaps, limits, logs, mailing, metrics_port
from sandkasse.config import PROJECT_FOLDER, Settings
from sandkasse.errors import SandkasseError
from sandkasse.i18n import _
from sandkasse.local_socket import serve_socket
from sandkasse.ui import downloads, gauges, headers, health, identity
from sandkasse.ui.callback import SignInOutcome
from sandkasse.ui.cookies import HostCookies
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
    settings = config.settings()
    limits.put_in_force(settings.hourly)
    grace_days = None if identity.demo_mode() else identity.rules().grace_days
    worker = mailing.Worker(mailing.steps(db, settings, grace_days), mailing.PAUSE_SECONDS)
    measurements = metrics_port.serve(settings.metrics_port, [gauges.Gauges(db, settings.backups)])
    # Imported before the first visitor needs it: the statistics take a second to load.
    import statsmodels.duration.survfunc  # noqa: F401

    # What is loaded by now stays: a collection of garbage while somebody waits need not look at it.
    gc.freeze()
    log.info("Started", extra={"version": __version__})
    try:
        yield {"database": db}
    finally:
        measurements.stop()
        limits.put_in_force({})
        socket.stop()
        worker.stop()
        db.close()
        database.clear()
        log.info("Stopped")


def on_script_error(error: Exception) -> bool:
    """Say that something failed, with a reference that finds it in the log; never a traceback."""
    if isinstance(error, SandkasseError):
        st.error(plain(error.message), icon=":material/info:")
        return True
    log.error("A page failed", exc_info=error)
    st.error(
        _(
            "Something went wrong on our side. Nothing was changed. Try again; if it happens once "
            "more, tell the project lead this reference: {reference}"
        ).format(reference=logs.current_run().request),
        icon=":material/error:",
    )
    return True


def application(settings: Settings) -> st.App:
    """The ASGI application."""
    heaps.keep_few()
    downloads.tell_why()
    by_tls = settings.web_address.startswith("https:")
    return st.App(
        PROJECT_FOLDER / "app.py",
        lifespan=lifespan,
        on_script_error=on_script_error,
        routes=health.ROUTES,
        middleware=[
            Middleware(Headers, by_tls=by_tls),
            Middleware(HostCookies, by_tls=by_tls),
            Middleware(Messages),
            Middleware(SignInOutcome),
        ],
        exception_handlers={Exception: headers.on_server_error},
    )


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    logs.set_up(settings.log_level, settings.log_format)
    _log_in_one_way()
    # Where uvicorn looks for whom to believe about addresses and TLS: beside this machine, nobody.
    os.environ["FORWARDED_ALLOW_IPS"] = ",".join(("127.0.0.1", "::1", *settings.proxies))
    application(settings).run(
        config={
            "server.address": settings.address,
            "server.port": settings.port,
            # The one file that says whether people sign in is the one that says how.
            "secrets.files": [str(settings.secrets)],
        }
    )


def _log_in_one_way() -> None:
    """Have uvicorn and Streamlit log as we do: each brings handlers of its own, with what was
    asked for and by whom in their lines."""
    for part in ("loggers", "handlers"):
        LOGGING_CONFIG[part].clear()
    streamlit.logger.setup_formatter = _pass_on
    streamlit.logger.update_formatter()
    streamlit.logger.init_uvicorn_logs()


def _pass_on(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
    if logger.name.startswith(("uvicorn", "websockets")):
        # Of who comes and goes the sessions are counted.
        logger.setLevel(logging.WARNING)
