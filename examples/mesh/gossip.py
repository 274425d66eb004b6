"""A member of a headless service: tells another one, by its name or address, whom it knows of, and learns whom that one knows.

    gossip.py NAME PORT OTHER FILE

FILE has the names of all members that this one knows of, each on a line of its own.
"""
import json
import socket
import socketserver
import sys
import threading
import time

name, port, other, file = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
known = {name}


def learn(line):
    known.update(json.loads(line)["gossip"])
    with open(file, "w", encoding="utf-8") as members:
        members.writelines(f"{member}\n" for member in sorted(known))


def told():
    return json.dumps({"gossip": sorted(known)}).encode() + b"\n"


class Member(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self):
        learn(self.rfile.readline())
        self.wfile.write(told())


class Members(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


threading.Thread(target=Members(("0.0.0.0", port), Member).serve_forever, daemon=True).start()
while True:
    try:
        with socket.create_connection((other, port), 5) as connection:
            connection.sendall(told())
            learn(connection.makefile("rb").readline())
    except (OSError, ValueError) as problem:
        print("not told:", problem, flush=True)
    time.sleep(0.5)
