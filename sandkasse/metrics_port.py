"""The measurements in Prometheus form, at a port of their own that only this machine reaches."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from socketserver import BaseServer

from prometheus_client import start_http_server
from prometheus_client.registry import Collector

from sandkasse.errors import NotConfigured
from sandkasse.i18n import _
from sandkasse.measures import REGISTRY

_ADDRESS = "127.0.0.1"
_SECONDS_TO_STOP = 5.0


@dataclass
class Measurements:
    """What answers whoever collects measurements, until :meth:`stop`; or nothing."""

    collectors: Sequence[Collector] = ()
    server: BaseServer | None = None
    thread: threading.Thread | None = None

    def stop(self) -> None:
        """Answer no more."""
        if self.server is not None and self.thread is not None:
            self.server.shutdown()
            self.server.server_close()
            self.thread.join(_SECONDS_TO_STOP)
        for collector in self.collectors:
            REGISTRY.unregister(collector)
        self.collectors, self.server = (), None


def serve(port: int, collectors: Sequence[Collector]) -> Measurements:
    """Answer at ``port`` with all measures and what ``collectors`` read when asked; 0: nowhere.

    :raises NotConfigured: when something else has the port.
    """
    if port == 0:
        return Measurements()
    try:
        server, thread = start_http_server(port, addr=_ADDRESS, registry=REGISTRY)
    except OSError:
        raise NotConfigured(
            _("Port {port} of SANDKASSE_METRICS_PORT is taken by something else.").format(port=port)
        ) from None
    for collector in collectors:
        REGISTRY.register(collector)
    return Measurements(collectors, server, thread)
