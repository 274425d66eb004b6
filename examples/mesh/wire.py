"""Listens on all interfaces of its namespace, and says who sent what to whom once it is ended.

    wire.py WORD…

Prints "listening" first, and at the end a line "FROM TO TLS CLEAR" for each pair of addresses with TCP between them: how
many frames began with a TLS record, and how many had one of the words in clear.
"""
import collections
import signal
import socket
import sys

words = [word.encode() for word in sys.argv[1:]]
tls, clear = collections.Counter(), collections.Counter()


def count(frame):
    if frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
        return
    tcp = 14 + (frame[14] & 15) * 4
    payload = frame[tcp + (frame[tcp + 12] >> 4) * 4 :]
    pair = (socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34]))
    tls[pair] += len(payload) > 2 and 20 <= payload[0] <= 23 and payload[1] == 3
    clear[pair] += any(word in payload for word in words)


def end(*_):
    for pair in sorted(tls):
        print(*pair, tls[pair], clear[pair])
    sys.exit()


signal.signal(signal.SIGTERM, end)
everything = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
print("listening", flush=True)
while True:
    count(everything.recv(1 << 17))
