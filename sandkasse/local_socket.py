"""Asking the running app, since only one process can have the database file open.

The app listens on a Unix domain socket that its own user alone can reach: the socket is in a
folder of mode 0700 with mode 0600, and each side checks who the other is. A request is one line
of JSON, ``{"command", "arguments", "language"}``, and so is the answer: ``{"ok": true,
"result"}`` or ``{"ok": false, "error": {"type", "message"}}``. Requests run as the operator, who
also owns the file.
"""

import hashlib
import json
import logging
import os
import socket
import socketserver
import stat
import struct
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandkasse import errors, i18n, logs, measures
from sandkasse.commands import COMMANDS
from sandkasse.database import Database
from sandkasse.errors import Invalid, InvalidFields, NotAllowed, SandkasseError, Unavailable
from sandkasse.i18n import _

log = logging.getLogger("sandkasse")

_LONGEST_PATH = 100  # bytes; systems allow 104 to 108
_LONGEST_REQUEST = 64 * 1024
_LONGEST_ANSWER = 64 * 1024 * 1024
_AT_ONCE = 4
_SECONDS_TO_CONNECT = 5.0
_SECONDS_TO_SPEAK = 10.0
_SECONDS_TO_ANSWER = 600.0
_SECONDS_TO_STOP = 10.0


def socket_path(database: Path) -> Path:
    """Where the app that has this database file listens: beside the file, or in a folder of the
    user's where that path would be too long for a socket."""
    database = database.resolve()
    beside = database.with_name(database.name + ".run") / "socket"
    if len(os.fsencode(beside)) <= _LONGEST_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(database)).hexdigest()[:16]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and len(os.fsencode(runtime)) < _LONGEST_PATH - len(name) - len("/sandkasse/"):
        return Path(runtime) / "sandkasse" / name
    return Path(tempfile.gettempdir()) / f"sandkasse-{os.getuid()}" / name


# ── The app's side ──────────────────────────────────────────────────────────────────────────


class Server:
    """Answers requests in threads of its own until :meth:`stop`."""

    def __init__(self, db: Database) -> None:
        self.path = socket_path(db.path)
        self._listener: _Listener | None = None
        _make_private_folder(self.path.parent)
        _remove_stale(self.path)
        self._listener = _Listener(self.path, db)
        self.path.chmod(0o600)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.2,), name="local socket", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Answer no more requests, finish those under way, and remove the socket."""
        if self._listener is None:
            return
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join(_SECONDS_TO_STOP)
        self._listener.wait_until_idle(_SECONDS_TO_STOP)
        self._listener = None
        self.path.unlink(missing_ok=True)
        with suppress(OSError):  # another app's socket may be there
            self.path.parent.rmdir()


class NoServer(Server):
    """Stands in where the file system allows no sockets: the app runs without answering."""

    def __init__(self) -> None:
        self._listener = None


def serve_socket(db: Database) -> Server:
    """Begin to answer the command line. Where no socket can be made, the log says so and the app
    goes on without."""
    try:
        return Server(db)
    except (OSError, NotAllowed) as error:
        log.warning("The command line cannot ask this app while it runs", exc_info=error)
        return NoServer()


class _Listener(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, db: Database) -> None:
        self.db = db
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        super().__init__(str(path), _Conversation)

    def reply(self, line: bytes, peer: int | None) -> bytes:
        """The answer to one request line from the user ``peer`` (None: not known)."""
        request = _read(line)
        with i18n.in_language(str(request.get("language", "en"))):
            if peer is not None and peer != os.getuid():
                return _refusal(NotAllowed(_("Only the user who runs the app can ask it.")))
            if not self._places.acquire(blocking=False):
                return _refusal(
                    Unavailable(_("The app is busy with other commands. Try again soon."))
                )
            try:
                return _answer(self.db, request)
            finally:
                self._places.release()

    def wait_until_idle(self, seconds: float) -> None:
        """Wait for the requests under way, each at most ``seconds``."""
        for _place in range(_AT_ONCE):
            self._places.acquire(timeout=seconds)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A client that went away or fell silent is none of the app's trouble."""
        log.info("A request over the local socket was broken off", exc_info=True)


class _Conversation(socketserver.StreamRequestHandler):
    timeout = _SECONDS_TO_SPEAK
    server: _Listener

    def handle(self) -> None:
        line = self.rfile.readline(_LONGEST_REQUEST + 1)
        self.wfile.write(self.server.reply(line, peer_user(self.connection)) + b"\n")


def _read(line: bytes) -> dict[str, Any]:
    """The request on a line; empty when there is none to be read."""
    try:
        request = json.loads(line) if line.endswith(b"\n") else {}
    except (ValueError, RecursionError):
        return {}
    return request if isinstance(request, dict) else {}


def _answer(db: Database, request: dict[str, Any]) -> bytes:
    logs.begin_run()
    try:
        command, arguments = _understood(request)
        result = measures.command(command, lambda: COMMANDS[command](db, arguments))
    except SandkasseError as error:
        return _refusal(error)
    except Exception:
        log.exception("A request over the local socket failed")
        return _refusal(Unavailable(_("The app could not answer. Its log says why.")))
    answer = json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()
    if len(answer) >= _LONGEST_ANSWER:
        return _refusal(
            Unavailable(_("The answer is too long to send. Stop the app and try again."))
        )
    return answer


def _understood(request: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    command, arguments = request.get("command"), request.get("arguments")
    if not isinstance(command, str) or not isinstance(arguments, dict):
        raise Invalid(_("The request cannot be read."))
    if command not in COMMANDS:
        raise Invalid(_("The running app does not know this command. Restart it after an update."))
    return command, arguments


def _refusal(error: SandkasseError) -> bytes:
    kind = "Invalid" if isinstance(error, InvalidFields) else type(error).__name__
    return json.dumps(
        {"ok": False, "error": {"type": kind, "message": error.message}}, ensure_ascii=False
    ).encode()


def _make_private_folder(folder: Path) -> None:
    """:raises NotAllowed: when somebody else made it, or others can write where it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_own(folder, stat.S_ISDIR)
    folder.chmod(0o700)


def _require_own(path: Path, is_kind: Any) -> None:
    found = path.lstat()
    if found.st_uid != os.getuid() or not is_kind(found.st_mode):
        raise NotAllowed(_("{file} belongs to somebody else.").format(file=path))


def _remove_stale(path: Path) -> None:
    """Remove what a killed app left. Whoever has the database file open is the only server."""
    if path.is_socket():
        path.unlink()


# ── The command line's side ─────────────────────────────────────────────────────────────────


def ask(database: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The app's answer to a command, in the language of the moment.

    :raises Unavailable: when no app answers, or not within ten minutes.
    :raises SandkasseError: what the command itself raised in the app.
    """
    request = {"command": command, "arguments": arguments, "language": i18n.language()}
    path = socket_path(database)
    try:
        _require_own(path.parent, stat.S_ISDIR)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_SECONDS_TO_CONNECT)
            connection.connect(str(path))
            if peer_user(connection) not in (None, os.getuid()):
                raise NotAllowed(_("Another user's app answers at {file}.").format(file=path))
            connection.sendall(json.dumps(request, ensure_ascii=False).encode() + b"\n")
            connection.settimeout(_SECONDS_TO_ANSWER)
            with connection.makefile("rb") as stream:
                line = stream.readline(_LONGEST_ANSWER + 2)
    except OSError as error:
        raise Unavailable(_("It does not answer questions.")) from error
    return _result(line)


def _result(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
        if answer["ok"]:
            result: dict[str, Any] = answer["result"]
            return result
        kind, message = answer["error"]["type"], answer["error"]["message"]
    except (ValueError, TypeError, KeyError):
        raise Unavailable(_("Its answer was broken off.")) from None
    error = getattr(errors, kind, None)
    if isinstance(error, type) and issubclass(error, SandkasseError):
        raise error(message)
    raise Unavailable(message)


def peer_user(connection: socket.socket) -> int | None:
    """The user id of whoever is at the other end; None where the system does not tell, and the
    folder's mode has to do."""
    if hasattr(socket, "SO_PEERCRED"):
        told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("iII"))
        return int(struct.unpack("iII", told)[1])
    local = getattr(socket, "LOCAL_PEERCRED", None)
    if local is not None:
        # struct xucred begins with its version and the user id.
        told = connection.getsockopt(0, local, 128)
        return int(struct.unpack_from("II", told)[1])
    return None
