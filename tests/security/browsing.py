"""A browser without a screen: it speaks Streamlit's own websocket, and can lie.

It says which page it wants, and what its widgets hold, whether it was shown them or not; and it
keeps every byte that it is sent.
"""

import contextlib
import io
import json
import secrets
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from google.protobuf.message import Message
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

SECONDS = 60


@dataclass
class Widget:
    """Something to press or fill in that the server has drawn."""

    id: str
    kind: str
    element: Message

    @property
    def key(self) -> str:
        """The name that the page gave it, if it gave one."""
        return self.id.rsplit("-", 1)[-1] if self.id.count("-") == 2 else self.id.split("-", 2)[2]

    @property
    def label(self) -> str:
        """What stands on it."""
        return str(getattr(self.element, "label", ""))


@dataclass
class Drawn:
    """What came of one run."""

    messages: list[ForwardMsg] = field(default_factory=list)

    @property
    def sent(self) -> str:
        """Every byte that came, as text."""
        return b"\n".join(one.SerializeToString() for one in self.messages).decode(
            "utf-8", "replace"
        )

    @property
    def elements(self) -> list[tuple[str, Message]]:
        """The elements, by kind."""
        found = []
        for message in self.messages:
            if message.WhichOneof("type") == "delta":
                element = message.delta.new_element
                kind = element.WhichOneof("type") if message.delta.HasField("new_element") else None
                if kind:
                    found.append((kind, getattr(element, kind)))
        return found

    @property
    def blocks(self) -> list[tuple[str, Message]]:
        """What holds elements and can be opened: expanders, popovers, dialogs."""
        found = []
        for message in self.messages:
            if message.WhichOneof("type") == "delta" and message.delta.HasField("add_block"):
                kind = message.delta.add_block.WhichOneof("type")
                if kind:
                    found.append((kind, getattr(message.delta.add_block, kind)))
        return found

    @property
    def widgets(self) -> list[Widget]:
        """What can be pressed, filled in or opened."""
        return [
            Widget(element.id, kind, element)
            for kind, element in [*self.elements, *self.blocks]
            if str(getattr(element, "id", "")).startswith("$$ID")
        ]

    @property
    def alerts(self) -> list[str]:
        """What is said in boxes: refusals, and that something went wrong."""
        return [str(element.body) for kind, element in self.elements if kind == "alert"]

    @property
    def exceptions(self) -> list[str]:
        """Tracebacks, of which there should be none."""
        return [str(element) for kind, element in self.elements if kind == "exception"]

    @property
    def media(self) -> set[str]:
        """The addresses of files that the server offers."""
        addresses = {str(getattr(element, "url", "")) for _kind, element in self.elements}
        return {address for address in addresses if "/media/" in address}

    @property
    def deferred(self) -> set[str]:
        """The ids of files that are made when they are asked for."""
        return {
            str(element.deferred_file_id)
            for kind, element in self.elements
            if kind == "download_button" and element.deferred_file_id
        }

    @property
    def fragment(self) -> str:
        """The id of the part of the page, such as a dialog, that was drawn last."""
        ids = [one.delta.fragment_id for one in self.messages if one.WhichOneof("type") == "delta"]
        return next((one for one in reversed(ids) if one), "")

    def widget(self, key: str) -> Widget:
        """The widget that the page calls ``key``."""
        return next(one for one in self.widgets if one.id.endswith(f"-{key}"))

    @property
    def broken(self) -> bool:
        """Whether the page says that something went wrong on our side."""
        return any("Something went wrong" in alert for alert in self.alerts)


class Session:
    """One open page of somebody."""

    def __init__(
        self, url: str, person_id: int | None, language: str = "en", origin: str | None = None
    ) -> None:
        self.url = url.rstrip("/")
        token = secrets.token_hex(16)
        cookies = {"sandkasse_language": language, "_streamlit_xsrf": token}
        if person_id is not None:
            cookies["sandkasse_persona"] = str(person_id)
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._open = contextlib.ExitStack()
        self.socket: ClientConnection = self._open.enter_context(
            connect(
                f"ws{self.url.removeprefix('http')}/_stcore/stream",
                subprotocols=["streamlit"],  # type: ignore[list-item]
                additional_headers={"Cookie": self.cookies},
                origin=origin,  # type: ignore[arg-type]
                max_size=None,
                open_timeout=SECONDS,
            )
        )
        self.session_id = ""
        self.page_hash = ""

    def close(self) -> None:
        """Hang up."""
        self._open.close()

    def run(
        self,
        page: str = "",
        /,
        *widgets: WidgetState,
        fragment: str = "",
        **query: object,
    ) -> Drawn:
        """Ask for a page with these query parameters, and with these widgets filled in."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string = urlencode({name.replace("_", "-"): v for name, v in query.items()})
        state.page_name = page
        state.fragment_id = fragment
        if not page:
            state.page_script_hash = self.page_hash
        state.widget_states.widgets.extend(widgets)
        state.context_info.url = f"{self.url}/{page}"
        return self.send(message)

    def send(self, message: BackMsg) -> Drawn:
        """Send a message and wait until the run that it asks for is over."""
        self.socket.send(message.SerializeToString())
        drawn = Drawn()
        while True:
            data = self.socket.recv(timeout=SECONDS)
            one = ForwardMsg()
            one.ParseFromString(data)  # type: ignore[arg-type]
            drawn.messages.append(one)
            kind = one.WhichOneof("type")
            if kind == "new_session":
                self.page_hash = one.new_session.page_script_hash or self.page_hash
                self.session_id = one.new_session.initialize.session_id or self.session_id
            over = (
                ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY,
                ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
                ForwardMsg.ScriptFinishedStatus.FINISHED_WITH_COMPILE_ERROR,
            )
            if kind == "script_finished" and one.script_finished in over:
                return drawn

    def made(self, file_id: str) -> str:
        """The address of a file that is made now; an empty one when that was refused."""
        message = BackMsg()
        request = message.backend_operation_request
        request.request_id, request.session_id = secrets.token_hex(8), self.session_id
        request.deferred_file.file_id = file_id
        self.socket.send(message.SerializeToString())
        while True:
            one = ForwardMsg()
            one.ParseFromString(self.socket.recv(timeout=SECONDS))  # type: ignore[arg-type]
            if one.WhichOneof("type") == "backend_operation_response":
                return str(one.backend_operation_response.deferred_file.url)

    def files(self, drawn: Drawn) -> str:
        """The text of all files that a page offers."""
        addresses = [*drawn.media, *map(self.made, sorted(drawn.deferred))]
        return "\n".join(unpacked(self.fetch(address)[1]) for address in addresses if address)

    def fetch(self, address: str, **headers: str) -> tuple[int, bytes]:
        """The status and the body of an address of the server."""
        whole = address if address.startswith("http") else f"{self.url}{address}"
        request = urllib.request.Request(  # noqa: S310
            whole, headers={"Cookie": self.cookies, **headers}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


@contextlib.contextmanager
def session(url: str, person_id: int | None, language: str = "en") -> Iterator[Session]:
    """An open page of somebody, closed at the end."""
    opened = Session(url, person_id, language)
    try:
        yield opened
    finally:
        opened.close()


def pressed(widget: Widget | str) -> WidgetState:
    """A button that is pressed."""
    return WidgetState(id=_id(widget), trigger_value=True)


def asking(widget: Widget, event: str, value: Any) -> WidgetState:
    """A component that says that something of it was pressed."""
    told = json.dumps([{"event": event, "value": value}])
    return WidgetState(id=_make_trigger_id(widget.id, "events"), json_trigger_value=told)


def holding(widget: Widget | str, value: Any) -> WidgetState:
    """A widget that holds ``value``: text, a number, a choice, or several."""
    state = WidgetState(id=_id(widget))
    if isinstance(value, bool):
        state.bool_value = value
    elif isinstance(value, int):
        state.int_value = value
    elif isinstance(value, float):
        state.double_value = value
    elif isinstance(value, Mapping):
        state.json_value = json.dumps(value)
    elif isinstance(value, list):
        state.string_array_value.data.extend(map(str, value))
    else:
        state.string_value = str(value)
    return state


def _id(widget: Widget | str) -> str:
    return widget if isinstance(widget, str) else widget.id


def unpacked(content: bytes) -> str:
    """All text in a file, in a zip or an office document too."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return "\n".join(f"{name}\n{unpacked(files.read(name))}" for name in files.namelist())


def host_of(url: str) -> str:
    """The host and port of an address."""
    return urlsplit(url).netloc
