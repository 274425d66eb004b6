"""The name server of the example, on port 53 of every address.

    names.py FILE

FILE has lines "NAME ADDRESS" and is read for each question. Other names do not exist.
"""
import socket
import struct
import sys


def answer(question):
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode("ascii", "replace"))
        at += question[at] + 1
    kind = struct.unpack("!H", question[at + 1 : at + 3])[0]
    with open(sys.argv[1], encoding="ascii") as lines:
        known = dict(line.split() for line in lines if line.strip())
    address = known.get(".".join(labels).lower())
    record = b""
    if address and kind == 1:
        record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 1, 4) + socket.inet_aton(address)
    flags = 0x8180 if address else 0x8183
    head = question[:2] + struct.pack("!HHHHH", flags, 1, 1 if record else 0, 0, 0)
    return head + question[12 : at + 5] + record


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 53))
while True:
    asked, client = server.recvfrom(4096)
    try:
        server.sendto(answer(asked), client)
    except (IndexError, struct.error, OSError, ValueError) as problem:
        print("no answer:", problem, flush=True)
