"""Floods by a client: each takes the proxy's port and tells how much it sent and how the connection fared."""

import socket
import time

from frames import (ALTSVC, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, METADATA, ORIGIN, PING, PRIORITY,
                    Wire, block, frame, goaway, request, reset, settings, window_update)

BATCH = 200


def flood(port, one, count, first=b"", read=True, small=False, patience=0.5):
    """Sends one(0), one(1), … in batches. ``read``: whether the flooder takes the answers."""
    wire = Wire.connect(port, small)
    time.sleep(0.05)
    wire.read()
    wire.send(first, read)
    sent = 0
    while sent < count and wire.send(b"".join(one(i) for i in range(sent, min(sent + BATCH, count))), read):
        sent = min(sent + BATCH, count)
    if not read:
        time.sleep(patience)
    if not wire.ended:
        wire.settle(patience)
    wire.close()
    return {"sent": sent, "ended": wire.ended or "open", "goaway": wire.error, "frames": dict(wire.seen)}


def stream(i):
    return 2 * i + 1


def over(kind, count, flags=0, of=0, payload=b"", **options):
    once = frame(kind, flags, of, payload)
    return lambda port: flood(port, lambda i: once, count, **options)


def provoked(error, count=20_000):
    """Opens a stream and makes a mistake on it that costs the stream."""
    return lambda port: flood(port, lambda i: request(stream(i), b"/slow", end=False, method=b"POST",
                                                      more=error.get("more", ())) + error["with"](stream(i)), count)


def thrash(port):
    opened = b"".join(request(stream(i), b"/slow", end=False, method=b"POST") for i in range(90))
    return flood(port, lambda i: settings((4, 1 if i % 2 else 1 << 20)), 20_000, first=opened)


def pipelined(path, count):
    """HTTP/1: so many requests in one go."""

    def play(port):
        one = b"GET %s HTTP/1.1\r\nHost: flood.test\r\n\r\n" % path
        connection = socket.create_connection(("127.0.0.1", port))
        connection.settimeout(20)
        ended, answers, tail = "open", 0, b""
        connection.setblocking(False)
        data, until = memoryview(one * count), time.monotonic() + 20
        while answers < count and time.monotonic() < until:
            try:
                if data:
                    data = data[connection.send(data[:1 << 18]):]
            except BlockingIOError:
                time.sleep(0.001)
            except OSError as e:
                ended = type(e).__name__
                break
            try:
                got = connection.recv(1 << 18)
                if not got:
                    ended = "FIN"
                    break
                answers += (tail + got).count(b"HTTP/1.1 ")
                tail = got[-8:]
            except BlockingIOError:
                continue
            except OSError as e:
                ended = type(e).__name__
                break
        connection.close()
        return {"sent": answers, "ended": ended, "goaway": None, "frames": {}}

    return play


def chunks(port):
    """HTTP/1: two million chunks of one octet."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(20)
    ended = "open"
    try:
        connection.sendall(b"POST /v HTTP/1.1\r\nHost: flood.test\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"1\r\nx\r\n" * 20_000)
        connection.sendall(b"0\r\n\r\n")
        if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
            ended = "refused"
    except OSError as e:
        ended = type(e).__name__
    connection.close()
    return {"sent": 2_000_000, "ended": ended, "goaway": None, "frames": {}}


POST = request(1, b"/slow", end=False, method=b"POST")
MANY = 20_000

FLOODS = {
    "rapid_reset": lambda port: flood(
        port, lambda i: request(stream(i), b"/slow", end=False) + reset(stream(i)), MANY),
    "rapid_reset_ended": lambda port: flood(port, lambda i: request(stream(i), b"/slow") + reset(stream(i)), MANY),
    "reset_by_window": provoked({"with": lambda s: window_update(s, 0x7FFFFFFF)}),
    "reset_by_length": provoked({"with": lambda s: frame(DATA, END_STREAM, s, b"xx"),
                                 "more": ((b"content-length", b"1"),)}),
    "reset_by_long_body": provoked({"with": lambda s: frame(DATA, 0, s, b"xx"), "more": ((b"content-length", b"1"),)}),
    "reset_by_zero_window": provoked({"with": lambda s: window_update(s, 0)}),
    "reset_by_late_data": provoked({"with": lambda s: frame(DATA, END_STREAM, s) + frame(DATA, 0, s, b"x")}),
    "reset_by_priority": provoked({"with": lambda s: frame(PRIORITY, 0, s, s.to_bytes(4, "big") + b"\0")}),
    "reset_by_trailers": provoked({"with": lambda s: frame(HEADERS, END_HEADERS, s, b"\0\1a\1b")}),
    "refused_streams": lambda port: flood(port, lambda i: request(stream(i), b"/slow", end=False), MANY),
    "requests": lambda port: flood(port, lambda i: request(stream(i), b"/direct"), MANY),
    "requests_not_read": lambda port: flood(
        port, lambda i: request(stream(i), b"/direct"), MANY, read=False, small=True),
    "ping": over(PING, MANY, payload=bytes(8)),
    "ping_not_read": over(PING, 200_000, payload=bytes(8), read=False, small=True),
    "settings": over(4, MANY),
    "settings_not_read": over(4, 200_000, read=False, small=True),
    "settings_large": lambda port: flood(port, lambda i: settings(*[(0x99, n) for n in range(2_700)]), 200),
    "settings_window": thrash,
    "settings_table": lambda port: flood(port, lambda i: settings((1, 0 if i % 2 else 4096)), MANY),
    "settings_ack": over(4, MANY, flags=1),
    "empty_data": over(DATA, MANY, of=1, first=POST),
    "padded_data": over(DATA, MANY, flags=8, of=1, payload=b"\x05" + bytes(5), first=POST),
    "small_data": over(DATA, 500_000, of=1, payload=b"x", first=request(1, b"/v", end=False, method=b"POST")),
    "priority": over(PRIORITY, MANY, of=1, payload=b"\0\0\0\3\1", first=POST),
    "window_update": over(8, MANY, of=0, payload=b"\0\0\0\1", first=POST),
    "continuation": over(CONTINUATION, MANY, of=1, payload=b"\0\1a\1b" * 20, first=frame(HEADERS, 0, 1, block())),
    "empty_continuation": over(CONTINUATION, MANY, of=1, first=frame(HEADERS, 0, 1, block())),
    "unknown": over(0x77, MANY, payload=b"x"),
    "metadata": over(METADATA, MANY, flags=4, of=1, payload=b"\0\1a\1b", first=POST),
    "altsvc": over(ALTSVC, MANY, of=0, payload=b"\0\1aclear"),
    "origin": over(ORIGIN, MANY),
    "goaway": lambda port: flood(port, lambda i: goaway(), MANY),
    "goaway_then_ping": over(PING, MANY, payload=bytes(8), first=goaway()),
    "http1_pipeline": pipelined(b"/direct", MANY),
    "http1_chunks": chunks,
}
