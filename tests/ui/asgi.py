"""Asking an app that runs in this process."""

import asyncio

import httpx
from starlette.types import ASGIApp


def answered(
    app: ASGIApp,
    path: str,
    *,
    scheme: str = "http",
    visitor: str = "127.0.0.1",
    cookies: str = "",
) -> httpx.Response:
    """What an app answers to a GET from an address; what it raises is its own 500."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(visitor, 1))
        told = {"Cookie": cookies} if cookies else {}
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://here") as client:
            return await client.get(path, headers=told)

    return asyncio.run(ask())
