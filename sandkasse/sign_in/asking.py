"""Asking a provider over the web: with time-outs, a limit to what is read, and no redirects, so
that an access token goes nowhere but where it was to go."""

import json
import logging
from typing import Any

import httpx

from sandkasse import __version__
from sandkasse.errors import NotConfigured, SignInFailed
from sandkasse.i18n import _
from sandkasse.sign_in.rules import is_safe_address

log = logging.getLogger("sandkasse")

TIMEOUT = httpx.Timeout(6.0, connect=4.0)
_LONGEST_ANSWER = 512 * 1024


def ask(address: str, who: str, access_token: str | None = None) -> dict[str, Any]:
    """The JSON object at ``address``.

    :param who: what to call the provider in a message.
    :raises SignInFailed: when it does not answer in time, refuses, or answers something else.
    :raises NotConfigured: for an address that is neither https nor on this machine.
    """
    if not is_safe_address(address):
        raise NotConfigured(
            _("The address {address} of the sign-in service {name} must begin with https://.")
            .format(address=address, name=who)
        )  # fmt: skip
    headers = {"Accept": "application/json", "User-Agent": f"Sandkasse/{__version__}"}
    if access_token is not None:
        headers["Authorization"] = f"Bearer {access_token}"
    try:
        status, body = _get(address, headers)
    except httpx.HTTPError as error:
        log.warning("Sign-in: no answer from %s: %s", address, type(error).__name__)
        raise SignInFailed(
            _("{name} does not answer just now. Try again in a few minutes.").format(name=who)
        ) from None
    if status in (401, 403, 404):
        log.warning("Sign-in: %s answered %s", address, status)
        raise SignInFailed(
            _(
                "{name} did not want to tell us who you are. Sign out and in again. If it happens "
                "again, tell whoever runs this service."
            ).format(name=who)
        )
    return _object(status, body, address, who)


def _get(address: str, headers: dict[str, str]) -> tuple[int, bytes]:
    body = bytearray()
    with (
        httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
        client.stream("GET", address, headers=headers) as answer,
    ):
        for part in answer.iter_bytes():
            body += part
            if len(body) > _LONGEST_ANSWER:
                break
        return answer.status_code, bytes(body)


def _object(status: int, body: bytes, address: str, who: str) -> dict[str, Any]:
    try:
        said = json.loads(body) if status == 200 and len(body) <= _LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        log.warning("Sign-in: %s answered %s with nothing usable", address, status)
        raise SignInFailed(
            _(
                "{name} answered something we cannot use. It is no fault of yours. Try again in a "
                "few minutes."
            ).format(name=who)
        )
    return said
