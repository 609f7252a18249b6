"""The documents' commands work, and so do the files for a server."""

import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sandkasse import config, start
from sandkasse.cli import given
from sandkasse.cli.program import program
from sandkasse.config import PROJECT_FOLDER, Settings
from tests.browser import serving
from tests.exchange.test_importing import LOG as IDEAS
from tests.exchange.test_recruitment import LOG as APPLICATIONS
from tests.exchange.test_recruitment import TABLE as POSITIONS
from tests.exchange.test_touchpoint_log import LOG as MATTERS
from tests.proxying import Proxied, proxy
from tests.registry.register import register

DEPLOY = PROJECT_FOLDER / "deploy"
DOCUMENTS = [
    PROJECT_FOLDER / "README.md",
    PROJECT_FOLDER / "CONTRIBUTING.md",
    *sorted((PROJECT_FOLDER / "docs").glob("*.md")),
]
#: The guide to backups follows a story of its own: tests/backup/test_documented.py.
TRIED_HERE = [one for one in DOCUMENTS if one.name != "backup.md"]
#: Commands that are run for real on a database of the test's own; of others the arguments are read.
RUN = {
    "backup", "backups", "check", "demo", "export", "funnel", "import", "minutes", "registry",
    "restore", "seats", "survival", "waiting",
}  # fmt: skip
BACKUPS = "/var/lib/sandkasse/backups"


def shell_lines(document: Path) -> list[str]:
    """The lines of the document's ``sh`` blocks, those that go on in one."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


ALL_LINES = [(document, line) for document in DOCUMENTS for line in shell_lines(document)]


@pytest.mark.parametrize(
    ("document", "line"),
    ALL_LINES,
    ids=[f"{document.name}: {line}" for document, line in ALL_LINES],
)
def test_a_line_can_be_read_by_a_shell(document: Path, line: str) -> None:
    read = subprocess.run(["bash", "-n", "-c", line], capture_output=True, text=True)
    assert read.returncode == 0, read.stderr


def test_a_target_of_make_that_a_document_names_exists() -> None:
    named = set()
    for _document, line in ALL_LINES:
        named |= set(re.findall(r"(?:^|sudo |&& )make ([\w./-]+)", line))
    assert "run" in named
    made = subprocess.run(
        ["make", "--dry-run", *sorted(named)],
        cwd=PROJECT_FOLDER, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with twenty synthetic ideas, and the settings that name it."""
    folder = tmp_path_factory.mktemp("running")
    path = folder / "sandkasse.duckdb"
    chosen = Settings(database=path, secrets=folder / "none.toml", demo_ideas=20)
    start.prepare(chosen).close()
    return path


def filled_in(line: str, folder: Path, meeting: int) -> list[str]:
    """The arguments of a ``sandkasse`` command, its placeholders filled in."""
    arguments = shlex.split(line, comments=True)[1:]
    verb = arguments[0]
    place = "backups" if verb in ("backup", "backups", "restore") else verb
    content = IDEAS.encode()
    if "--touchpoints" in arguments:
        content = MATTERS.encode()
    elif "--applications" in arguments:
        content = APPLICATIONS
    elif "--positions" in arguments:
        content = POSITIONS
    files = {"LOG.csv": content, "POSITIONS.csv": content}
    filled = []
    for argument in arguments:
        one = argument.replace(BACKUPS, str(folder / place)).replace("FOLDER", str(folder / place))
        if argument in files and verb == "import":
            (folder / argument).write_bytes(files[argument])
        if argument in {*files, "REJECTS.csv"}:
            one = str(folder / argument)
        if verb == "minutes" and argument.isdecimal():
            one = str(meeting)
        filled.append("10" if verb == "demo" and argument == "1000" else one)
    return filled


@pytest.mark.parametrize("document", TRIED_HERE, ids=lambda document: document.name)
def test_the_commands_of_a_document_do_what_they_are_for(
    document: Path, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in shell_lines(document) if line.startswith("sandkasse ")]
    shutil.copy(demonstration, tmp_path / "sandkasse.duckdb")
    monkeypatch.setenv("SANDKASSE_SECRETS", str(tmp_path / "none.toml"))
    command = typer.main.get_command(program)
    with register() as held:
        monkeypatch.setenv("SANDKASSE_REGISTRY", held.url)
        for line in lines:
            arguments = filled_in(line, tmp_path, meeting=6)
            name = "new.duckdb" if arguments[0] == "demo" else "sandkasse.duckdb"
            monkeypatch.setenv("SANDKASSE_DATABASE", str(tmp_path / name))
            config.settings.cache_clear()
            if arguments[0] in RUN:
                done = CliRunner().invoke(program, given.language_first(arguments))
                assert done.exit_code == 0, f"{line}: {done.output}"
            else:
                below = command.commands[arguments[0]]  # type: ignore[attr-defined]
                below.make_context(arguments[0], arguments[1:])
    config.settings.cache_clear()


def test_each_setting_is_in_a_document_and_each_in_the_example_exists() -> None:
    told = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    known = {f"SANDKASSE_{name.upper()}" for name in Settings.model_fields}
    # The README says SANDKASSE_SMTP_HOST, _PORT and so on in one line.
    shortened = {name: f"`{name.removeprefix('SANDKASSE_SMTP')}`" for name in known}
    assert {name for name in known if name not in told and shortened[name] not in told} == set()
    example = (DEPLOY / "sandkasse.env.example").read_text("utf-8")
    assert set(re.findall(r"^#?(SANDKASSE_\w+)=", example, re.MULTILINE)) <= known


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_unit_and_finds_it_safe(tmp_path: Path) -> None:
    unit = tmp_path / "sandkasse.service"
    unit.write_text(
        (DEPLOY / "sandkasse.service")
        .read_text("utf-8")
        .replace("/opt/sandkasse/.venv/bin/sandkasse", sys.executable),
        "utf-8",
    )
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout[-300:]


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """An app behind our example of a proxy, which speaks TLS."""
    folder = tmp_path_factory.mktemp("proxied")
    with serving.server(folder, ideas=8) as server, proxy(folder, server.port) as made:
        yield made


@pytest.mark.browser
def test_behind_the_proxy_a_page_is_drawn_by_tls_alone(proxied: Proxied) -> None:
    asked = urllib.request.Request(  # noqa: S310
        f"{proxied.url}_stcore/health",
        # What the proxy says of TLS stands, whatever a browser says.
        headers={"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"},
    )
    with urllib.request.urlopen(asked, context=proxied.trusted) as answer:  # noqa: S310
        assert answer.headers["Strict-Transport-Security"] is not None
        assert "Secure" in answer.headers["Set-Cookie"]
        assert "uvicorn" not in str(answer.headers)
    with serving.browser() as opened:
        context = opened.new_context(ignore_https_errors=True, locale="en-GB")
        page = context.new_page()
        sockets: list[str] = []
        page.on("websocket", lambda opened: sockets.append(opened.url))
        page.goto(proxied.url)
        serving.settled(page)
        page.get_by_text("Choose who you want to be").wait_for()
        assert sockets
        assert all(one.startswith("wss://") for one in sockets)
        context.close()


def said(connection: socket.socket, request: str) -> str:
    """The first line of the answer to a request as it is written; nothing when it hangs up."""
    with connection:
        connection.settimeout(10)
        connection.sendall(request.replace("\n", "\r\n").encode())
        return connection.makefile("rb").readline().decode("latin-1").strip()


def by_tls(proxied: Proxied, context: ssl.SSLContext | None = None) -> socket.socket:
    """A connection to the proxy, encrypted."""
    plain = socket.create_connection(("127.0.0.1", proxied.tls), timeout=10)
    return (context or proxied.trusted).wrap_socket(plain, server_hostname="localhost")


def test_the_proxy_speaks_no_old_tls_and_no_weak_cipher(proxied: Proxied) -> None:
    found = by_tls(proxied)
    assert found.version() in ("TLSv1.2", "TLSv1.3")
    found.close()
    for version, ciphers in (
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0"),
        (ssl.TLSVersion.TLSv1_2, "AES256-SHA:AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0"),
    ):
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers(ciphers)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.minimum_version = old.maximum_version = version
        with pytest.raises(OSError, match=r"(?i)ssl|reset|closed"):
            by_tls(proxied, old)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "301 Moved Permanently"),
        ("/board?journey=student-startup", "301 Moved Permanently"),
        ("/_stcore/health", "403 Forbidden"),
        ("/auth/login?provider=feide", "403 Forbidden"),
        ("/oauth2callback?code=c", "403 Forbidden"),
        ("/media/one.xlsx", "403 Forbidden"),
        ("/readyz", "403 Forbidden"),
    ],
)
def test_without_tls_people_are_sent_on_and_programs_are_told(
    proxied: Proxied, path: str, expected: str
) -> None:
    plain = socket.create_connection(("127.0.0.1", proxied.plain), timeout=10)
    assert said(plain, f"GET {path} HTTP/1.1\nHost: localhost\n\n") == f"HTTP/1.1 {expected}"


#: Requests that two servers could read in two ways, or that nobody has use for.
ODD = {
    "trace": "TRACE / HTTP/1.1\nHost: localhost\n\n",
    "two lengths": "POST / HTTP/1.1\nHost: localhost\nContent-Length: 1\nContent-Length: 2\n\nab",
    "length and chunks": "POST / HTTP/1.1\nHost: localhost\nContent-Length: 4\n"
    "Transfer-Encoding: chunked\n\n0\n\n",
    "chunks in another case": "POST / HTTP/1.1\nHost: localhost\n"
    "Transfer-Encoding: xchunked\n\n0\n\n",
    "no host": "GET / HTTP/1.1\n\n",
    "a long header": f"GET / HTTP/1.1\nHost: localhost\nX: {'x' * 70_000}\n\n",
}


@pytest.mark.parametrize("request_text", ODD.values(), ids=ODD.keys())
def test_a_request_that_can_be_read_in_two_ways_is_refused(
    proxied: Proxied, request_text: str
) -> None:
    told = said(by_tls(proxied), request_text)
    assert re.match(r"HTTP/1.1 (400|405|414|431|501)", told), told


@pytest.mark.parametrize("path", ["/", "/auth/login", "/auth/logout", "/_stcore/health", "/readyz"])
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_the_app_itself_answers_no_trace(proxied: Proxied, path: str, method: str) -> None:
    plain = socket.create_connection(("127.0.0.1", proxied.app), timeout=10)
    told = said(plain, f"{method} {path} HTTP/1.1\nHost: localhost\n\n")
    assert told.startswith("HTTP/1.1 405")


def test_the_proxy_files_agree_with_the_app() -> None:
    """What is let through is a little more than the app takes, so that the app can explain."""
    app = (PROJECT_FOLDER / ".streamlit" / "config.toml").read_text("utf-8")
    taken = re.search(r"^maxUploadSize = (\d+)", app, re.MULTILINE)
    assert taken is not None
    nginx_takes = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    caddy_takes = re.search(r"max_size (\d+)MB", (DEPLOY / "Caddyfile").read_text())
    assert nginx_takes is not None
    assert caddy_takes is not None
    assert int(nginx_takes[1]) == int(caddy_takes[1]) == int(taken[1]) + 1
