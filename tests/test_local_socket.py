"""Asking the running app over its socket: who may, what comes back, and what it withstands."""

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandkasse import i18n, local_socket
from sandkasse.commands import COMMANDS
from sandkasse.database import Database
from sandkasse.errors import Invalid, NotAllowed, NotFound, Unavailable
from sandkasse.local_socket import Server, ask, serve_socket, socket_path
from tests.builders import JOURNEY, Cast, submitted


@pytest.fixture
def server(db: Database) -> Iterator[Server]:
    started = serve_socket(db)
    yield started
    started.stop()


def spoken(server: Server, request: bytes) -> dict[str, Any]:
    """The answer to these very bytes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(server.path))
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as stream:
            answer: dict[str, Any] = json.loads(stream.readline())
    return answer


def use(monkeypatch: pytest.MonkeyPatch, name: str, command: Any) -> None:
    monkeypatch.setitem(COMMANDS, name, command)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("check", {}),
        ("journeys", {}),
        ("waiting", {
            "as_of": "2026-06-01T12:00:00+00:00", "known_at": "2026-06-02T12:00:00+00:00",
        }),
        ("funnel", {
            "journey": JOURNEY, "as_of": "2026-06-01T12:00:00+00:00",
            "known_at": "2026-06-02T12:00:00+00:00",
        }),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_app_answers_what_the_database_answers(
    db: Database, cast: Cast, server: Server, command: str, arguments: dict[str, Any], language: str
) -> None:
    submitted(db, cast.student)
    with i18n.in_language(language):
        assert ask(db.path, command, arguments) == COMMANDS[command](db, arguments)


def test_an_error_comes_back_as_itself(db: Database, server: Server) -> None:
    with pytest.raises(NotFound, match="There is no such journey"):
        ask(db.path, "funnel", {"journey": "nowhere"})


def test_only_its_owner_reaches_the_socket(server: Server) -> None:
    assert stat.S_IMODE(server.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.path.parent.stat().st_mode) == 0o700


def test_another_user_is_refused(
    db: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_socket, "peer_user", lambda _: os.getuid() + 1)
    assert spoken(server, b'{"command": "check", "arguments": {}}\n')["error"]["type"] == (
        "NotAllowed"
    )
    with pytest.raises(NotAllowed, match="Another user's app"):
        ask(db.path, "check", {})


def test_the_other_end_is_known_by_its_user(server: Server) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(server.path))
        assert local_socket.peer_user(connection) == os.getuid()


@pytest.mark.parametrize(
    "request_line",
    [
        b"",
        b"\n",
        b"hello\n",
        b"[]\n",
        b'"check"\n',
        b"\xff\xfe\n",
        b'{"command": "check"}\n',
        b'{"command": "check", "arguments": []}\n',
        b'{"command": ["check"], "arguments": {}}\n',
        b'{"command": "rm", "arguments": {}}\n',
        b'{"command": "funnel", "arguments": {}}\n',
        b'{"command": "funnel", "arguments": {"journey": "student-startup", "from": 7}}\n',
        b'{"command": "check", "arguments": {}}',
        b"x" * 70_000,
        b"[" * 60_000 + b"\n",
    ],
)
def test_what_cannot_be_understood_is_refused_and_the_app_goes_on(
    db: Database, server: Server, request_line: bytes
) -> None:
    answer = spoken(server, request_line)
    assert answer["ok"] is False
    assert answer["error"]["message"]
    assert ask(db.path, "check", {})["findings"] == []


def test_a_fault_in_a_command_is_told_without_its_particulars(
    db: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_db: Database, _arguments: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("secret")

    use(monkeypatch, "check", fail)
    with pytest.raises(Unavailable, match=r"Its log says why\.$"):
        ask(db.path, "check", {})


def test_more_at_once_than_there_are_places_for_are_told_to_wait(
    db: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on, may_end = threading.Semaphore(0), threading.Event()

    def linger(_db: Database, _arguments: dict[str, Any]) -> dict[str, Any]:
        going_on.release()
        may_end.wait(10)
        return {}

    use(monkeypatch, "linger", linger)
    threads = [
        threading.Thread(target=ask, args=(db.path, "linger", {}))
        for _ in range(local_socket._AT_ONCE)
    ]
    for thread in threads:
        thread.start()
        assert going_on.acquire(timeout=5)
    with pytest.raises(Unavailable, match="busy"):
        ask(db.path, "check", {})
    may_end.set()
    for thread in threads:
        thread.join(5)
    assert ask(db.path, "check", {})["findings"] == []


def test_a_silent_client_is_left_and_the_app_goes_on(
    db: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_socket._Conversation, "timeout", 0.2)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.settimeout(5)
        silent.connect(str(server.path))
        assert silent.recv(100) == b""
    assert ask(db.path, "check", {})["findings"] == []


def test_a_client_that_leaves_early_is_no_trouble(db: Database, server: Server) -> None:
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as hasty:
            hasty.connect(str(server.path))
            hasty.sendall(b'{"command": "check", "arguments": {}}\n')
    assert ask(db.path, "check", {})["findings"] == []


def test_a_socket_left_by_a_killed_app_is_replaced(db: Database) -> None:
    path = socket_path(db.path)
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    server = serve_socket(db)
    assert ask(db.path, "check", {})["findings"] == []
    server.stop()


def test_stopping_removes_the_socket_and_finishes_what_is_under_way(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, answers = threading.Event(), []

    def slow(_db: Database, _arguments: dict[str, Any]) -> dict[str, Any]:
        begun.set()
        threading.Event().wait(0.5)
        return {"done": True}

    use(monkeypatch, "slow", slow)
    server = serve_socket(db)
    thread = threading.Thread(target=lambda: answers.append(ask(db.path, "slow", {})))
    thread.start()
    assert begun.wait(5)
    server.stop()
    thread.join(5)
    assert answers == [{"done": True}]
    assert not server.path.exists()
    with pytest.raises(Unavailable):
        ask(db.path, "check", {})
    server.stop()


def test_a_path_too_long_for_a_socket_moves_it_to_the_users_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    db = Database.open(tmp_path / ("long" * 40) / "a.duckdb")
    server = serve_socket(db)
    assert server.path.parent == tmp_path / "sandkasse"
    assert ask(db.path, "journeys", {}) == {"journeys": []}
    server.stop()
    db.close()


def test_two_files_with_long_paths_have_two_sockets(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 40)
    assert socket_path(long / "a.duckdb") != socket_path(long / "b.duckdb")
    assert len(os.fsencode(socket_path(long / "a.duckdb"))) <= 100


def test_a_folder_that_is_not_our_own_is_not_used(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    socket_path(db.path).parent.symlink_to(elsewhere)
    server = serve_socket(db)
    server.stop()
    assert list(elsewhere.iterdir()) == []
    with pytest.raises(NotAllowed):
        ask(db.path, "check", {})


def test_asking_where_nobody_answers_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        ask(tmp_path / "none.duckdb", "check", {})


def test_an_unknown_kind_of_error_is_still_told() -> None:
    line = b'{"ok": false, "error": {"type": "SystemExit", "message": "no"}}\n'
    with pytest.raises(Unavailable, match="no"):
        local_socket._result(line)
    with pytest.raises(Invalid, match="no"):
        local_socket._result(line.replace(b"SystemExit", b"Invalid"))
