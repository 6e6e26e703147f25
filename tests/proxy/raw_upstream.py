"""Service of raw bytes: it keeps what it is sent, and answers each request with the next script."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

Script = Callable[["Peer"], None]


class Peer:
    """Connection to the service, as a script uses it."""

    def __init__(self, connection: socket.socket, received: list[bytes]) -> None:
        self.connection = connection
        self.buffer = b""
        self._received = received

    def read_until(self, mark: bytes) -> bytes:
        """Return the bytes up to a mark, and keep them for the test."""
        while mark not in self.buffer:
            piece = self.connection.recv(65536)
            if not piece:
                raise EOFError
            self.buffer += piece
        end = self.buffer.index(mark) + len(mark)
        found, self.buffer = self.buffer[:end], self.buffer[end:]
        self._received.append(found)
        return found

    def read_length(self, length: int) -> None:
        while len(self.buffer) < length:
            self.buffer += self.connection.recv(65536)
        self._received.append(self.buffer[:length])
        self.buffer = self.buffer[length:]

    def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        for piece in pieces:
            self.connection.sendall(piece)
            time.sleep(pause)

    def close(self) -> None:
        self.connection.close()

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@contextmanager
def raw_upstream(*scripts: Script) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the URL of a service, and the bytes that it has received; each connection runs the scripts in order."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, scripts, received), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _serve(listener: socket.socket, scripts: Sequence[Script], received: list[bytes]) -> None:
    threads = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threads.append(threading.Thread(target=_run, args=(connection, scripts, received), daemon=True))
        threads[-1].start()
    for each in threads:
        each.join(5)


def _run(connection: socket.socket, scripts: Sequence[Script], received: list[bytes]) -> None:
    peer = Peer(connection, received)
    with connection, suppress(EOFError, OSError):
        for script in scripts:
            script(peer)


def answer(response: bytes, *more: bytes, until: bytes = b"\r\n\r\n", pause: float = 0.0) -> Script:
    """Return a script that reads one request up to a mark, and sends a response in pieces."""

    def run(peer: Peer) -> None:
        peer.read_until(until)
        peer.send(response, *more, pause=pause)

    return run
