"""The app behind our example of a proxy, deploy/nginx.conf, on this machine."""

import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from sandkasse.config import PROJECT_FOLDER
from tests.browser import serving
from tests.certificates import certificate

NAME = "sandkasse.example.no"


class Proxied(NamedTuple):
    """An app behind our example of a proxy: its address by TLS, the ports of both, and a context
    that trusts its certificate."""

    url: str
    plain: int
    tls: int
    app: int
    trusted: ssl.SSLContext


def nginx() -> str:
    """The path of nginx, which is installed where it is missing and can be (Debian, as root).
    Where it cannot be, the test that asks is skipped."""
    if _found() is None and shutil.which("apt-get") and os.geteuid() == 0:
        _install()
    found = _found()
    if found is None:
        pytest.skip("nginx is not installed, and cannot be here")
    return found


def _found() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def _install() -> None:
    """Install it, one worker of the tests at a time: the others find it there."""
    import fcntl  # not everywhere, but wherever apt-get is

    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "nginx-light"]
    with Path(tempfile.gettempdir(), "sandkasse-nginx.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if _found() is None:
            for line in (["apt-get", "update", "-qq"], install):
                subprocess.run(line, env=environment, capture_output=True, timeout=240)


@contextmanager
def proxy(folder: Path, app: int, tls: int | None = None) -> Iterator[Proxied]:
    """Our example before the app that listens at the port ``app``, with a certificate made for it,
    and all its files in ``folder``."""
    program, plain, tls = nginx(), serving.free_port(), tls or serving.free_port()
    certificate(folder)
    whole = folder / "nginx.conf"
    whole.write_text(_configured(folder, app, plain, tls), "utf-8")
    checked = subprocess.run([program, "-t", "-c", str(whole)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([program, "-c", str(whole)], stderr=subprocess.DEVNULL)
    try:
        serving.wait_for_port(tls)
        trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        yield Proxied(f"https://localhost:{tls}/", plain, tls, app, trusted)
    finally:
        process.terminate()
        process.wait(10)


def _configured(folder: Path, app: int, plain: int, tls: int) -> str:
    """All of a configuration: the example, for this machine and for whoever runs the tests."""
    site = (PROJECT_FOLDER / "deploy" / "nginx.conf").read_text("utf-8")
    for written, meant in (
        ("127.0.0.1:8501", f"127.0.0.1:{app}"),
        (f"https://{NAME}", f"https://localhost:{tls}"),
        (NAME, "localhost"),
        ("/etc/ssl/sandkasse", str(folder)),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
    ):
        assert written in site, written
        site = site.replace(written, meant)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {folder}/nginx-{kind};" for kind in kinds)
    return (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
        f"events {{}}\nhttp {{ {places}\n{site}\n}}\n"
    )
