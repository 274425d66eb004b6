"""HTTP/2 frames as bytes (RFC 9113), without a library that would refuse to write wrong ones."""

import socket
import struct
import time

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
METADATA, ALTSVC, ORIGIN = 0x4D, 0x0A, 0x0C
END_STREAM, ACK, END_HEADERS = 1, 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def settings(*pairs, ack=False):
    return frame(SETTINGS, ACK if ack else 0, 0, b"".join(struct.pack(">HI", i, v) for i, v in pairs))


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def reset(stream, code=8):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def goaway(last=0, code=0):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, code))


def literal(name, value):
    """A field that stays out of the tables; up to 126 octets each."""
    return bytes((0, len(name))) + name + bytes((len(value),)) + value


def block(method=b"GET", path=b"/", more=()):
    fields = [(b":method", method), (b":scheme", b"http"), (b":authority", b"flood.test"), (b":path", path), *more]
    return b"".join(literal(name, value) for name, value in fields)


def request(stream, path=b"/", end=True, method=b"GET", more=()):
    flags = END_HEADERS | (END_STREAM if end else 0)
    return frame(HEADERS, flags, stream, block(method, path, more))


def response(stream, status=b"200", end=False):
    return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, literal(b":status", status))


class Wire:
    """A connection that sends what it is given and notes what came back."""

    def __init__(self, connection):
        self.socket = connection
        self.unread = b""
        self.seen = {}
        self.error = None
        self.ended = None

    @classmethod
    def connect(cls, port, small=False):
        connection = socket.socket()
        if small:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        connection.connect(("127.0.0.1", port))
        wire = cls(connection)
        wire.socket.sendall(PREFACE + settings() + settings(ack=True))
        return wire

    def send(self, data, read=True):
        """False once the peer has ended the connection."""
        data = memoryview(data)
        begun = time.monotonic()
        self.socket.setblocking(False)
        while data and not self.ended:
            try:
                data = data[self.socket.send(data):]
            except BlockingIOError:
                if not read and time.monotonic() - begun > 5:
                    return True
                time.sleep(0.002)
            except OSError as e:
                self.ended = type(e).__name__
            if read:
                self.read()
        return not self.ended

    def read(self):
        """Takes what is there."""
        self.socket.setblocking(False)
        while not self.ended:
            try:
                got = self.socket.recv(1 << 18)
            except BlockingIOError:
                break
            except OSError as e:
                self.ended = type(e).__name__
                break
            if not got:
                self.ended = "FIN"
            self.unread += got
        self.count()

    def count(self):
        at, data = 0, self.unread
        while len(data) - at >= 9:
            length = int.from_bytes(data[at:at + 3], "big")
            if len(data) - at < 9 + length:
                break
            kind = data[at + 3]
            self.seen[kind] = self.seen.get(kind, 0) + 1
            if kind == GOAWAY:
                self.error = int.from_bytes(data[at + 13:at + 17], "big")
            at += 9 + length
        self.unread = data[at:]

    def settle(self, seconds):
        """Reads until the peer ends the connection, at most so long."""
        until = time.monotonic() + seconds
        while not self.ended and time.monotonic() < until:
            self.read()
            time.sleep(0.01)

    def close(self):
        self.socket.close()
