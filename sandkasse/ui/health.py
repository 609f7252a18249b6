"""Whether the server lives (``/healthz``) and whether it can be used (``/readyz``), for whoever
watches it. The answers are one word: why, the log tells."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sandkasse.errors import SandkasseError
from sandkasse.ui.store import database

log = logging.getLogger("sandkasse")


async def _lives(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _is_ready(_request: Request) -> PlainTextResponse:
    if await run_in_threadpool(_database_answers):
        return PlainTextResponse("ready")
    return PlainTextResponse("not ready", status_code=503)


def _database_answers() -> bool:
    try:
        database().value("SELECT count(*) FROM journey")
    except SandkasseError:
        log.warning("Not ready", exc_info=True)
        return False
    return True


ROUTES = (Route("/healthz", _lives), Route("/readyz", _is_ready))
