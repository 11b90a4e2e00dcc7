"""Core's Unix sockets: the four protocols of `model.ports` between processes."""

from collector.sockets.client import SocketActs, SocketOutbox, SocketReader
from collector.sockets.facts import SocketFactSink
from collector.sockets.peers import Allowed
from collector.sockets.server import CoreServer, SocketOpenError, path_of
from collector.sockets.wire import SocketError

__all__ = ["Allowed", "CoreServer", "SocketActs", "SocketError", "SocketFactSink", "SocketOpenError", "SocketOutbox", "SocketReader", "path_of"]
