"""Which messages of a browser the server listens to.

Streamlit obeys every message over its websocket, whoever sends it, signed in or not. Some are for
whoever develops: one empties the caches of all visitors, another tells which files of the
repository were changed, a third writes files beside the app. A page sends none of them by itself,
so they are dropped here before Streamlit sees them.
"""

import logging

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

log = logging.getLogger("sandkasse")

#: What a page sends of itself: run, stop, still here, where may files go, and what follows.
_HEARD = frozenset(["rerun_script", "stop_script", "app_heartbeat", "file_urls_request"])
#: Of operations: a download that is made when it is asked for, and more rows of a table.
_OPERATIONS = frozenset(["deferred_file", "dataframe_chunk"])


def is_heard(data: bytes) -> bool:
    """Whether the message in ``data`` is one that a page sends. One that cannot be read is passed
    on: Streamlit closes the connection."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return True
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind in _HEARD


class Messages:
    """ASGI middleware that drops the messages of a websocket that are not heard."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let everything through but those messages."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def heard() -> Message:
            while True:
                message = await receive()
                data = message.get("bytes")
                if message["type"] != "websocket.receive" or data is None or is_heard(data):
                    return message
                log.warning("A message that no page sends was dropped.")

        await self.app(scope, heard, send)
