"""Floods by an upstream. A server reads one request, answers with its flood and keeps the connection."""

import socket
import threading
import time

from frames import (ALTSVC, DATA, END_HEADERS, HEADERS, METADATA, ORIGIN, PING, PRIORITY, PUSH_PROMISE, Wire, frame,
                    goaway, literal, response, settings, window_update)

MANY = 20_000

#: What follows the request, by name; HTTP/2.
HTTP2 = {
    "ping": frame(PING, 0, 0, bytes(8)) * MANY + response(1, end=True),
    "settings": settings() * MANY + response(1, end=True),
    "settings_large": settings(*[(0x99, n) for n in range(2_700)]) * 200 + response(1, end=True),
    "settings_window": (settings((4, 1)) + settings((4, 1 << 20))) * (MANY // 2) + response(1, end=True),
    "settings_table": (settings((1, 0)) + settings((1, 4096))) * (MANY // 2) + response(1, end=True),
    "window_update": window_update(0, 1) * MANY + response(1, end=True),
    "priority": frame(PRIORITY, 0, 1, b"\0\0\0\3\1") * MANY + response(1, end=True),
    "empty_data": response(1) + frame(DATA, 0, 1) * MANY + frame(DATA, 1, 1, b"x"),
    "small_data": response(1) + frame(DATA, 0, 1, b"x") * MANY * 5 + frame(DATA, 1, 1, b"x"),
    "interim": response(1, b"103") * MANY + response(1, end=True),
    "continue": response(1, b"100") * MANY + response(1, end=True),
    "goaway": goaway(1) * MANY + response(1, end=True),
    "unknown": frame(0x77, 0, 0, b"x") * MANY + response(1, end=True),
    "metadata": frame(METADATA, 4, 1, b"\0\1a\1b") * MANY + response(1, end=True),
    "altsvc": frame(ALTSVC, 0, 0, b"\0\1aclear") * MANY + response(1, end=True),
    "origin": frame(ORIGIN) * MANY + response(1, end=True),
    "push": frame(PUSH_PROMISE, END_HEADERS, 1, b"\0\0\0\2" + literal(b":method", b"GET")) + response(1, end=True),
    "empty_continuation": frame(HEADERS, 0, 1, literal(b":status", b"200")) + frame(9, 0, 1) * MANY,
    "resets": frame(3, 0, 1, b"\0\0\0\10") * MANY,
}

#: HTTP/1: what is written once the request is there.
HTTP1 = {
    "h1_interim": b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" * MANY + b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "h1_continue": b"HTTP/1.1 100 Continue\r\n\r\n" * MANY + b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    "h1_chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n",
    "h1_gets_http2": settings() + window_update(0, 1000),
    "h1_unasked": b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na" + b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nb",
}


class Server:
    """One listening socket per flood; everything on daemon threads."""

    def __init__(self, port, data, http2):
        self.data, self.http2 = data, http2
        self.listening = socket.socket()
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listening.bind(("127.0.0.1", port))
        self.listening.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listening.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            self.play_http2(connection) if self.http2 else self.play_http1(connection)
        except OSError:
            connection.close()

    def play_http2(self, connection):
        wire = Wire(connection)
        connection.sendall(settings())
        received = b""
        while HEADERS not in wire.seen and not wire.ended:
            wire.settle(0.01)
            if len(received) < 24 and len(wire.unread) >= 24 and wire.unread.startswith(b"PRI"):
                received, wire.unread = wire.unread[:24], wire.unread[24:]
                wire.seen.clear()
                wire.count()
        wire.send(settings(ack=True) + self.data)
        wire.settle(5)
        wire.close()

    def play_http1(self, connection):
        received = b""
        while b"\r\n\r\n" not in received:
            got = connection.recv(65536)
            if not got:
                return
            received += got
        connection.sendall(self.data)
        while connection.recv(65536):
            time.sleep(0.001)
