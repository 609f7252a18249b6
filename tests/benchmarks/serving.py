"""A real server in a process of its own, and a browser's side of its websocket.

``python -m tests.benchmarks.serving SCRIPT PORT`` is the server. It forgets its remembered reads
when it gets SIGUSR1, as after a write, and the history of the ledger as well when it gets SIGUSR2,
as after a start, so that a page's first, cold run can be measured again and again.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psutil
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from sandkasse.config import PROJECT_FOLDER

APP = PROJECT_FOLDER / "app.py"
EMPTY = Path(__file__).parent / "empty.py"
_STARTS_WITHIN = 120.0
_ANSWERS_WITHIN = 120.0


class Server:
    """A running server; its database is the one its environment names."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port

    @property
    def memory(self) -> float:
        """The process's resident memory, in MB."""
        return psutil.Process(self._process.pid).memory_info().rss / 1e6

    def forget(self, *, history: bool) -> None:
        """Empty the remembered reads, as a write does; with ``history``, as a start does."""
        self._process.send_signal(signal.SIGUSR2 if history else signal.SIGUSR1)
        time.sleep(0.05)


@contextmanager
def serving(
    script: Path, database: Path | None = None, *, checkout: Path = PROJECT_FOLDER
) -> Iterator[Server]:
    """Serve ``script`` until the end of the block, with the code of ``checkout``."""
    port = _free_port()
    environment = {**os.environ, "SANDKASSE_SECRETS": str(EMPTY.with_name("no-secrets.toml"))}
    if database is not None:
        environment["SANDKASSE_DATABASE"] = str(database)
    process = subprocess.Popen(
        [interpreter(checkout), "-m", "tests.benchmarks.serving", str(script), str(port)],
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(process, port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def interpreter(checkout: Path) -> str:
    """The Python that runs a checkout's code: this one, or its own."""
    return sys.executable if checkout == PROJECT_FOLDER else str(checkout / ".venv/bin/python")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("localhost", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


class Visitor:
    """Somebody with one page open."""

    def __init__(self, connection: ClientConnection, query: str) -> None:
        self._connection = connection
        self._query = query
        self._page = ""

    @classmethod
    @contextmanager
    def at(
        cls,
        server: Server,
        page: str = "",
        query: str = "",
        cookies: Mapping[str, str] | None = None,
    ) -> Iterator[Self]:
        """Open the page by its address, as somebody whose browser has these cookies."""
        header = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        with connect(
            f"ws://localhost:{server.port}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": header, "Accept-Language": "en"},
            max_size=None,
            compression=None,
        ) as connection:
            visitor = cls(connection, query)
            visitor._run(page_name=page)
            yield visitor

    def rerun(self) -> float:
        """Run the page again; the seconds from asking until the server says that it is done."""
        return self._run()

    def _run(self, page_name: str = "") -> float:
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_script_hash = self._page
        asked.rerun_script.page_name = page_name
        began = time.perf_counter()
        self._connection.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self._received())
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self._page = told.navigation.page_script_hash
            elif kind == "delta":
                _refuse_errors(told.delta.new_element)
            elif kind == "script_finished" and told.script_finished == 0:
                return time.perf_counter() - began

    def _received(self) -> bytes:
        # Streamlit's small messages wait for an acknowledgement, which Linux holds back 40 ms.
        if hasattr(socket, "TCP_QUICKACK"):
            self._connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            received = self._connection.recv(timeout=_ANSWERS_WITHIN)
        except WebSocketException as error:
            raise RuntimeError("The server hung up.") from error
        assert isinstance(received, bytes)
        return received


def _refuse_errors(drawn: Element) -> None:
    """A page that failed is no measurement."""
    if drawn.HasField("exception"):
        raise RuntimeError(drawn.exception.message)
    if drawn.HasField("alert") and drawn.alert.format == Alert.ERROR:
        raise RuntimeError(drawn.alert.body)


def main(script: Path, port: int) -> None:
    """Serve until told to stop."""
    import streamlit as st

    config = {"server.address": "localhost", "server.port": port}
    if script != APP:
        st.App(script).run(config=config)
        return
    from sandkasse.config import settings
    from sandkasse.figures import history
    from sandkasse.ui import server, store

    def forget(sent: int, _frame: object) -> None:
        store._remembered.cache_clear()
        if sent == signal.SIGUSR2:
            history._kept.clear()

    signal.signal(signal.SIGUSR1, forget)
    signal.signal(signal.SIGUSR2, forget)
    server.application(settings()).run(config=config)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
