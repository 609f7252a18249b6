"""A small client for Enhetsregisteret's open API.

https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html (version 1.5.0, read
2026-11-23), under the Norwegian licence for open data (NLOD 2.0). The package ``brreg`` (1.5.0)
tells a deleted company from an unknown one no more than from one removed by law, fixes its
time-out, and has no update feed, so that it does not serve here.

A deleted company answers 200 with the day it was deleted; 410 is one removed for legal reasons; 404
is an unknown number. Roles, and with them persons' names and birth dates, are never asked for.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

import httpx

from sandkasse import __version__
from sandkasse.errors import RegisterFailed
from sandkasse.i18n import _

_ENTITY = "application/vnd.brreg.enhetsregisteret.enhet.v2+json;charset=UTF-8"
_UPDATES = "application/vnd.brreg.enhetsregisteret.oppdatering.enhet.v1+json;charset=UTF-8"
_PAGE_SIZE = 1_000
_NUMBERS_A_REQUEST = 100


class Finding(StrEnum):
    """How the register knows a number."""

    FOUND = "found"
    DELETED = "deleted"
    REMOVED = "removed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Company:
    """What the register says of a number. What it does not say is None."""

    orgnr: str
    finding: Finding
    name: str | None = None
    form: str | None = None
    registered_on: date | None = None
    in_business_register: bool | None = None
    in_vat_register: bool | None = None
    bankrupt: bool | None = None
    winding_up: bool | None = None
    forced_winding_up: bool | None = None
    deleted_on: date | None = None


@dataclass(frozen=True)
class Update:
    """One entry of the update feed."""

    number: int
    orgnr: str


class Client:
    """Asks the register at ``address``; ``pause`` is the seconds before the second attempt, and
    doubles. Use it as a context manager."""

    def __init__(
        self, address: str, *, timeout: float = 8.0, attempts: int = 3, pause: float = 0.5
    ) -> None:
        self._http = httpx.Client(
            base_url=address.rstrip("/") + "/",
            timeout=timeout,
            headers={"User-Agent": f"Sandkasse/{__version__}"},
            follow_redirects=False,
        )
        self._attempts, self._pause = attempts, pause

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def company(self, orgnr: str) -> Company:
        """What the register says of nine digits.

        :raises RegisterFailed: when it cannot be reached, refuses, or answers something else.
        """
        answer = self._get(f"enheter/{orgnr}", _ENTITY)
        if answer.status_code == 404:
            return Company(orgnr, Finding.UNKNOWN)
        body = _json(answer)
        try:
            if answer.status_code == 410:
                return Company(orgnr, Finding.REMOVED, deleted_on=_day(body, "slettedato"))
            return _company(orgnr, body)
        except (KeyError, TypeError, ValueError):
            raise _garbled() from None

    def updates(self, orgnrs: list[str], after: int) -> Iterator[Update]:
        """The feed's entries on these numbers that come after number ``after``, in order.

        The feed's start is inclusive, so it is asked from the next number on; a page that does not
        move it forward ends it.

        :raises RegisterFailed: as :meth:`company`.
        """
        for begin in range(0, len(orgnrs), _NUMBERS_A_REQUEST):
            yield from self._updates_of(orgnrs[begin : begin + _NUMBERS_A_REQUEST], after)

    def _updates_of(self, orgnrs: list[str], after: int) -> Iterator[Update]:
        while True:
            query = {
                "oppdateringsid": after + 1,
                "organisasjonsnummer": ",".join(orgnrs),
                "size": _PAGE_SIZE,
                "sort": "id,ASC",
            }
            body = _json(self._get("oppdateringer/enheter", _UPDATES, query))
            try:
                entries = body.get("_embedded", {}).get("oppdaterteEnheter", [])
                found = [
                    Update(int(one["oppdateringsid"]), str(one["organisasjonsnummer"]))
                    for one in entries
                ]
            except (AttributeError, KeyError, TypeError, ValueError):
                raise _garbled() from None
            fresh = [one for one in found if one.number > after]
            if not fresh:
                return
            yield from fresh
            after = max(one.number for one in fresh)

    def _get(self, path: str, accept: str, query: dict[str, Any] | None = None) -> httpx.Response:
        """The answer, asked for again after a fault of the server's or of the way there."""
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(self._pause * 2 ** (attempt - 1))
            try:
                answer = self._http.get(path, params=query, headers={"Accept": accept})
            except httpx.HTTPError:
                continue
            if answer.status_code < 500:
                return _accepted(answer)
        raise RegisterFailed(
            _(
                "The company register cannot be reached now. Nothing was changed; try again in a "
                "few minutes."
            )
        )


def _accepted(answer: httpx.Response) -> httpx.Response:
    if answer.status_code in (200, 404, 410):
        return answer
    told = ""
    if answer.status_code == 400:
        try:
            faults = answer.json().get("valideringsfeil") or [answer.json()]
            told = "; ".join(str(fault["feilmelding"]) for fault in faults)
        except (ValueError, KeyError, TypeError, AttributeError):
            told = ""
    reason = told or str(answer.status_code)
    raise RegisterFailed(_("The company register refused: {reason}").format(reason=reason))


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        raise _garbled() from None
    if not isinstance(body, dict):
        raise _garbled()
    return body


def _garbled() -> RegisterFailed:
    return RegisterFailed(
        _("The company register gave an answer that cannot be read. Try again later.")
    )


def _company(orgnr: str, body: dict[str, Any]) -> Company:
    if str(body["organisasjonsnummer"]) != orgnr:
        raise ValueError(orgnr)
    deleted = "slettedato" in body or body.get("respons_klasse") == "SlettetEnhet"
    return Company(
        orgnr=orgnr,
        finding=Finding.DELETED if deleted else Finding.FOUND,
        name=str(body["navn"]),
        form=(body.get("organisasjonsform") or {}).get("kode"),
        registered_on=_day(body, "registreringsdatoEnhetsregisteret"),
        in_business_register=body.get("registrertIForetaksregisteret"),
        in_vat_register=body.get("registrertIMvaregisteret"),
        bankrupt=body.get("konkurs"),
        winding_up=body.get("underAvvikling"),
        forced_winding_up=body.get("underTvangsavviklingEllerTvangsopplosning"),
        deleted_on=_day(body, "slettedato"),
    )


def _day(body: dict[str, Any], key: str) -> date | None:
    text = body.get(key)
    return None if text is None else date.fromisoformat(str(text)[:10])
