"""Certificates that a test makes for itself."""

import ssl
import subprocess
from pathlib import Path


def certificate(folder: Path) -> None:
    """A certificate for this machine, signed by itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def certified(folder: Path) -> ssl.SSLContext:
    """The side of a server with a certificate for this machine, which is made in ``folder``."""
    certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "fullchain.pem", folder / "privkey.pem")
    return context
