#!/usr/bin/env python3
"""Attacks on memory, on Attache and on Envoy in one run, over loopback.

  bench/hostile/memory.py [--attack NAME]... [--connections 11000] [--workers 1] [--java-options=-Xmx64m] [--only attache]

Prints for each proxy and attack how fresh clients fared while it lasted, and the resident memory before, at its
highest, and a minute after. Attacks:

  unfinished   connections that each send 55 KiB of header fields and not the end of the head
  finished     the same with the end: each is a request that has to be served or refused
  hpack        HTTP/2 heads that are small on the wire and 55 KiB when decoded, their streams left open
  readers      requests for a large body over HTTP/1 by clients that do not read it
  windows      the same over HTTP/2 with the stream's window left at nothing
  chunks       uploads of a byte a chunk to an upstream that does not read

Needs python3 with the packages h2 and hpack, a built Attache (or ATTACHE, the launcher to use), and Envoy as
ATTACHE_PEERS/envoy. Takes about two minutes for each attack and proxy.
"""

import argparse
import multiprocessing
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import hpack

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HEAD = 55 * 1024
LARGE = 8 << 20

CONFIG = """
admin: {address: {socket_address: {address: 127.0.0.1, port_value: %(admin)d}}}
static_resources:
  listeners:
  - name: in
    address: {socket_address: {address: 127.0.0.1, port_value: %(port)d}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: in
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - {match: {prefix: /attack}, route: {cluster: attacked, timeout: 0s}}
              - {match: {prefix: /}, route: {cluster: up, timeout: 0s}}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
  clusters:
  - name: up
    connect_timeout: 5s
    load_assignment:
      cluster_name: up
      endpoints:
      - lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %(upstream)d}}}}]
  - name: attacked
    connect_timeout: 5s
    circuit_breakers: {thresholds: [{max_connections: 5000, max_pending_requests: 5000, max_requests: 50000}]}
    load_assignment:
      cluster_name: attacked
      endpoints:
      - lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %(attacked)d}}}}]
"""


class Upstream(multiprocessing.Process):
    """Answers GET with a few bytes or a large body, /attack/hang and any POST not at all; bodies it does not read."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port = port

    def listen(self):
        self.selector = selectors.DefaultSelector()
        self.listening = socket.socket()
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listening.bind(("127.0.0.1", self.port))
        self.listening.listen(4096)
        self.listening.setblocking(False)
        self.selector.register(self.listening, selectors.EVENT_READ)
        self.state = {}

    def run(self):
        self.listen()
        small = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
        large = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % LARGE + bytes(LARGE)
        while True:
            for key, events in self.selector.select():
                if key.fileobj is self.listening:
                    self.accept()
                else:
                    try:
                        self.serve(key.fileobj, events, small, large)
                    except OSError:
                        self.close(key.fileobj)

    def accept(self):
        try:
            while True:
                peer, _ = self.listening.accept()
                peer.setblocking(False)
                self.state[peer] = [b"", None]
                self.selector.register(peer, selectors.EVENT_READ)
        except OSError:
            return

    def close(self, peer):
        self.selector.unregister(peer)
        self.state.pop(peer, None)
        peer.close()

    def serve(self, peer, events, small, large):
        state = self.state[peer]
        if events & selectors.EVENT_READ:
            data = peer.recv(262144)
            if not data:
                self.close(peer)
                return
            state[0] += data
            while state[1] is None and b"\r\n\r\n" in state[0]:
                head, state[0] = state[0].split(b"\r\n\r\n", 1)
                if head.startswith(b"POST"):
                    self.selector.unregister(peer)  # kept by self.state, never read again
                    return
                if b" /attack/hang " in head:
                    continue
                state[1] = memoryview(large if b" /attack/large " in head else small)
                self.write(peer, state)
        elif events & selectors.EVENT_WRITE:
            self.write(peer, state)

    def write(self, peer, state):
        try:
            while state[1]:
                state[1] = state[1][peer.send(state[1][:1 << 20]):]
            state[1] = None
            self.selector.modify(peer, selectors.EVENT_READ)
        except BlockingIOError:
            self.selector.modify(peer, selectors.EVENT_WRITE)


def get(port, timeout):
    """(status, seconds) of one request by a fresh client; status 0 where none came."""
    begin = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as client:
            client.sendall(b"GET / HTTP/1.1\r\nhost: fresh\r\nconnection: close\r\n\r\n")
            line = client.recv(64)
        status = int(line.split(b" ")[1]) if line.startswith(b"HTTP/1.1 ") else 0
    except (OSError, IndexError, ValueError):
        status = 0
    return status, time.monotonic() - begin


class Proxy:
    def __init__(self, name, command, ports, options):
        self.name = name
        self.port = ports["port"]
        self.admin = ports["admin"]
        self.file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.file.write(CONFIG % ports)
        self.file.flush()
        self.log = open(os.path.join(tempfile.gettempdir(), "hostile-%s.log" % name), "w")
        env = dict(os.environ, ATTACHE_JAVA_OPTIONS=options)
        self.process = subprocess.Popen(
            command + ["-c", self.file.name, "--concurrency", str(ports["workers"])],
            stdout=self.log, stderr=self.log, env=env)

    def wait(self):
        for _ in range(300):
            if get(self.port, 2)[0] == 200:
                return
            time.sleep(0.2)
        raise SystemExit("%s does not serve; see %s" % (self.name, self.log.name))

    def memory(self, field):
        with open("/proc/%d/status" % self.process.pid) as status:
            for line in status:
                if line.startswith(field):
                    return int(line.split()[1]) // 1024
        return -1

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            print("  %s did not end at SIGTERM" % self.name)
            self.process.kill()


def probe(port, done, results):
    """A fresh client every quarter of a second, in a process of its own: the crowd does not delay it."""
    while not done.wait(0.25):
        results.put(get(port, 10))
    results.put(None)


class Probes:
    def __init__(self, port):
        self.results = []
        self.done = multiprocessing.Event()
        self.queue = multiprocessing.Queue()
        self.process = multiprocessing.Process(target=probe, args=(port, self.done, self.queue), daemon=True)
        self.process.start()

    def end(self):
        self.done.set()
        for result in iter(self.queue.get, None):
            self.results.append(result)
        self.process.join()

    def text(self):
        times = sorted(seconds for status, seconds in self.results if status == 200)
        other = {}
        for status, _ in self.results:
            if status != 200:
                other[status] = other.get(status, 0) + 1
        if not times:
            return "no fresh client of %d served %s" % (len(self.results), other)
        late = sum(1 for seconds in times if seconds > 1)
        return "fresh %d of %d served, median %.3f s, slowest %.3f s, above 1 s: %d %s" % (
            len(times), len(self.results), times[len(times) // 2], times[-1], late, other or "")


class Crowd:
    """Many clients that send what they are given, over and over until it is gone, and hardly read."""

    def __init__(self, port, count, payload, head_start=b"", reads=False, tiny_buffer=False):
        self.port, self.count, self.payload, self.reads = port, count, payload, reads
        self.tiny_buffer = tiny_buffer
        self.peers = {}
        self.selector = selectors.DefaultSelector()
        self.answers = {}
        self.closed = 0
        self.sent = 0

    def one(self, index):
        peer = socket.socket()
        if self.tiny_buffer:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.setblocking(False)
        # Ephemeral ports of one address do not suffice for all.
        peer.bind(("127.0.0.%d" % (2 + index % 200), 0))
        try:
            peer.connect(("127.0.0.1", self.port))
        except BlockingIOError:
            pass
        self.peers[peer] = memoryview(self.payload)
        self.selector.register(peer, selectors.EVENT_WRITE)

    def run(self, until):
        opened = 0
        while time.monotonic() < until:
            while opened < self.count and opened - self.sent < 400:
                self.one(opened)
                opened += 1
            events = self.selector.select(0.2)
            for key, mask in events:
                self.serve(key.fileobj, mask)

    def serve(self, peer, mask):
        try:
            if mask & selectors.EVENT_WRITE:
                self.peers[peer] = self.peers[peer][peer.send(self.peers[peer][:65536]):]
                if not self.peers[peer]:
                    self.sent += 1
                    if self.reads:
                        self.selector.modify(peer, selectors.EVENT_READ)
                    else:
                        self.selector.unregister(peer)
            elif mask & selectors.EVENT_READ:
                data = peer.recv(65536)
                if not data:
                    raise ConnectionError
                if data.startswith(b"HTTP/1.1 "):
                    self.answers[data[9:12]] = self.answers.get(data[9:12], 0) + 1
        except BlockingIOError:
            return
        except OSError:
            self.selector.unregister(peer)
            if self.peers.pop(peer):
                self.sent += 1
            self.closed += 1
            peer.close()

    def close(self):
        for peer in self.peers:
            peer.close()
        self.selector.close()

    def text(self):
        answers = ", ".join("%d x %s" % (n, code.decode()) for code, n in sorted(self.answers.items()))
        return "%d connections, %d closed by the proxy%s" % (
            self.count, self.closed, ", answers " + answers if answers else "")


def big_head(end):
    fields = b"".join(b"x-%03d: %s\r\n" % (i, b"v" * 1000) for i in range(HEAD // 1008))
    return b"GET /attack/hang HTTP/1.1\r\nhost: attack\r\n" + fields + (b"\r\n" if end else b"")


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def preface(window=None):
    settings = b"" if window is None else (4).to_bytes(2, "big") + window.to_bytes(4, "big")
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, settings)


def request(encoder, path, extra=()):
    fields = [(":method", "GET"), (":scheme", "http"), (":authority", "attack"), (":path", path)]
    return encoder.encode(fields + list(extra))


def hpack_streams(streams):
    """Each head names one field of 3,900 bytes fourteen times, from the decoder's table after the first."""
    encoder = hpack.Encoder()
    encoder.huffman = False
    sent = preface()
    large = ("x", "v" * 3900)
    for stream in range(1, 2 * streams, 2):
        block = request(encoder, "/attack/hang", [large] * 14)
        sent += frame(1, 5, stream, block)
    return sent


def window_streams(streams):
    encoder = hpack.Encoder()
    sent = preface(0)
    for stream in range(1, 2 * streams, 2):
        sent += frame(1, 5, stream, request(encoder, "/attack/large"))
    return sent


def crowd_of(attack, port, connections):
    if attack == "unfinished":
        return Crowd(port, connections, big_head(False))
    if attack == "finished":
        return Crowd(port, connections, big_head(True), reads=True)
    if attack == "hpack":
        return Crowd(port, max(1, connections // 100), hpack_streams(100))
    if attack == "readers":
        return Crowd(port, max(1, connections // 20), b"GET /attack/large HTTP/1.1\r\nhost: attack\r\n\r\n", tiny_buffer=True)
    if attack == "windows":
        return Crowd(port, max(1, connections // 200), window_streams(100))
    return Crowd(port, max(1, connections // 100),
                 b"POST /attack HTTP/1.1\r\nhost: attack\r\ntransfer-encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 400000)


def attack(proxy, name, arguments):
    before = proxy.memory("VmRSS")
    crowd = crowd_of(name, proxy.port, arguments.connections)
    probes = Probes(proxy.port)
    peak = before
    begin = time.monotonic()
    runner = threading.Thread(target=crowd.run, args=(begin + arguments.hold,))
    runner.start()
    while runner.is_alive():
        time.sleep(0.2)
        if proxy.alive():
            peak = max(peak, proxy.memory("VmRSS"))
    probes.end()
    crowd.close()
    served_after = get(proxy.port, 10)
    time.sleep(arguments.rest)
    print("  %-10s %-8s %s" % (name, proxy.name, probes.text()))
    print("  %-10s %-8s %s" % ("", "", crowd.text()))
    if not proxy.alive():
        print("  %-10s %-8s THE PROCESS HAS ENDED with %s" % ("", "", proxy.process.returncode))
        return
    print("  %-10s %-8s resident MiB: before %d, highest %d, %d s after %d; first after: %d in %.3f s" % (
        "", "", before, peak, arguments.rest, proxy.memory("VmRSS"), served_after[0], served_after[1]))
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attack", action="append")
    parser.add_argument("--connections", type=int, default=11000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--hold", type=float, default=40, help="seconds that the attack lasts")
    parser.add_argument("--rest", type=float, default=60, help="seconds until memory is looked at again")
    parser.add_argument("--java-options", default="")
    parser.add_argument("--only", choices=["attache", "envoy"])
    parser.add_argument("--ports", type=int, default=21000, help="the first of ten ports to use")
    arguments = parser.parse_args()
    upstreams = [Upstream(port) for port in (arguments.ports, arguments.ports + 1)]
    for upstream in upstreams:
        upstream.start()
    time.sleep(0.5)
    if not all(upstream.is_alive() for upstream in upstreams):
        raise SystemExit("the ports from %d on are not free" % arguments.ports)
    commands = {
        "attache": [os.environ.get("ATTACHE", os.path.join(ROOT, "attache"))],
        "envoy": [os.path.join(os.environ.get("ATTACHE_PEERS", "/opt/peers"), "envoy"), "--log-level", "warn",
                  "--use-dynamic-base-id"],
    }
    for name in arguments.attack or ["unfinished", "finished", "hpack", "readers", "windows", "chunks"]:
        for index, (who, command) in enumerate(commands.items()):
            if arguments.only not in (None, who):
                continue
            ports = {"port": arguments.ports + 2 + 2 * index, "admin": arguments.ports + 3 + 2 * index,
                     "upstream": arguments.ports, "attacked": arguments.ports + 1, "workers": arguments.workers}
            proxy = Proxy(who, command, ports, arguments.java_options)
            try:
                proxy.wait()
                attack(proxy, name, arguments)
            finally:
                proxy.stop()


if __name__ == "__main__":
    main()
