"""A company register on loopback that answers as Enhetsregisteret is documented to."""

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

FOUND, DELETED, REMOVED, UNKNOWN, BANKRUPT = (
    "310000019", "310000027", "310000035", "310000043", "310000051",
)  # fmt: skip


def entity(orgnr: str, **more: Any) -> dict[str, Any]:
    """A company as the register describes one."""
    return {
        "organisasjonsnummer": orgnr,
        "navn": f"FIRMA {orgnr}",
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
        "registreringsdatoEnhetsregisteret": "2024-02-01",
        "registrertIMvaregisteret": True,
        "registrertIForetaksregisteret": True,
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "respons_klasse": "Enhet",
        **more,
    }


class Register:
    """What the register holds, and what was asked of it."""

    def __init__(self) -> None:
        self.elsewhere = ""
        self.url = ""
        self.asked: list[str] = []
        self.accepts: list[str] = []
        self.faults: list[int] = []  # status codes to answer with first
        self.pause = 0.0
        self.garbage = False
        self.page_size = 2
        self.updates: list[tuple[int, str]] = []
        self.entities: dict[str, tuple[int, dict[str, Any] | None]] = {
            FOUND: (200, entity(FOUND)),
            DELETED: (
                200,
                {"organisasjonsnummer": DELETED, "navn": "BORTE AS",
                 "organisasjonsform": {"kode": "AS"}, "slettedato": "2025-06-30",
                 "respons_klasse": "SlettetEnhet"},
            ),
            REMOVED: (410, {"organisasjonsnummer": REMOVED, "slettedato": "2025-01-01"}),
            BANKRUPT: (200, entity(BANKRUPT, konkurs=True)),
        }  # fmt: skip

    def answer(self, path: str) -> tuple[int, bytes]:
        """Status and body for a path."""
        parts = urlsplit(path)
        if self.faults:
            return self.faults.pop(0), b""
        if self.garbage:
            return 200, b"<html>"
        if parts.path.endswith("/oppdateringer/enheter"):
            return self._updates(parse_qs(parts.query))
        status, body = self.entities.get(parts.path.rsplit("/", 1)[1], (404, None))
        return status, b"" if body is None else json.dumps(body).encode()

    def _updates(self, query: dict[str, list[str]]) -> tuple[int, bytes]:
        start = int(query["oppdateringsid"][0])
        wanted = query["organisasjonsnummer"][0].split(",")
        # The start is inclusive, as the register's is.
        found = [one for one in self.updates if one[0] >= start and one[1] in wanted]
        page = found[: self.page_size]
        body: dict[str, Any] = {"page": {"size": self.page_size, "totalElements": len(found)}}
        if page:
            body["_embedded"] = {
                "oppdaterteEnheter": [
                    {"oppdateringsid": number, "organisasjonsnummer": orgnr,
                     "dato": "2026-06-28T00:20:10.625Z", "endringstype": "Endring"}
                    for number, orgnr in page
                ]
            }  # fmt: skip
        return 200, json.dumps(body).encode()


@contextmanager
def register(tls: ssl.SSLContext | None = None) -> Iterator[Register]:
    """A register on a free port, which speaks TLS where it is given a certificate."""
    held = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            held.accepts.append(self.headers["Accept"])
            if held.pause:
                time.sleep(held.pause)
            status, body = held.answer(self.path)
            self.send_response(302 if held.elsewhere else status)
            if held.elsewhere:
                self.send_header("Location", held.elsewhere)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    scheme, host = ("http", "127.0.0.1") if tls is None else ("https", "localhost")
    held.url = f"{scheme}://{host}:{server.server_port}/api"
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
