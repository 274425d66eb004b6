#!/usr/bin/env python3
"""How soon a proxy is back on a control plane that was away, beside Envoy in the same rounds.

usage: bench/reconnect.py ENVOY ATTACHE [--rounds N] [--down SECONDS] [--pairs N]

Each proxy has an ADS control plane of its own that answers one empty CDS response, so that the back-off starts over,
then goes away for the given time. Measured is the time from its return to the first byte of a new stream.
The back-off is random by design (Envoy: up to 500 ms, then twice that ... up to 30 s): compare medians of many rounds.
"""
import argparse, json, os, socket, statistics, struct, subprocess, tempfile, threading, time

FRAME_DATA, FRAME_HEADERS, FRAME_SETTINGS, FRAME_PING = 0, 1, 4, 6
CDS = b"type.googleapis.com/envoy.config.cluster.v3.Cluster"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def field(number, value):
    return bytes([number << 3 | 2, len(value)]) + value


class ControlPlane:
    """Just enough of HTTP/2 and of ADS for one answer a stream."""

    def __init__(self):
        self.listener = None
        self.port = 0
        self.connections = []
        self.answered = threading.Event()
        self.arrived = None

    def up(self):
        self.answered.clear()
        self.arrived = None
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen(16)
        self.since = time.monotonic()
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def down(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()
        self.connections = []

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.sendall(frame(FRAME_SETTINGS, 0, 0))
            self.read(connection, 24)
            while True:
                head = self.read(connection, 9)
                length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
                stream = int.from_bytes(head[5:9], "big")
                payload = self.read(connection, length)
                if kind == FRAME_SETTINGS and not flags & 1:
                    connection.sendall(frame(FRAME_SETTINGS, 1, 0))
                elif kind == FRAME_PING and not flags & 1:
                    connection.sendall(frame(FRAME_PING, 1, 0, payload))
                elif kind == FRAME_HEADERS:
                    if self.arrived is None:
                        self.arrived = time.monotonic() - self.since
                elif kind == FRAME_DATA and CDS in payload and not self.answered.is_set():
                    message = field(1, b"1") + field(4, CDS) + field(5, b"1")
                    body = b"\0" + struct.pack(">I", len(message)) + message
                    head = b"\x88" + b"\x0f\x10" + bytes([16]) + b"application/grpc"
                    connection.sendall(frame(FRAME_HEADERS, 4, stream, head) + frame(FRAME_DATA, 0, stream, body))
                    self.answered.set()
        except (OSError, EOFError):
            pass

    @staticmethod
    def read(connection, length):
        data = b""
        while len(data) < length:
            more = connection.recv(length - len(data))
            if not more:
                raise EOFError
            data += more
        return data


def bootstrap(port):
    ads = {"ads": {}, "resource_api_version": "V3"}
    return {
        "node": {"id": "n", "cluster": "c"},
        "dynamic_resources": {
            "ads_config": {
                "api_type": "GRPC",
                "transport_api_version": "V3",
                "grpc_services": [{"envoy_grpc": {"cluster_name": "xds"}}],
            },
            "cds_config": ads,
            "lds_config": ads,
        },
        "static_resources": {"clusters": [{
            "name": "xds",
            "type": "STATIC",
            "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": {"http2_protocol_options": {}}}},
            "load_assignment": {"cluster_name": "xds", "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                "socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]},
        }]},
    }


def start(binary, name, number, plane, folder):
    path = os.path.join(folder, f"{name}{number}.json")
    with open(path, "w") as file:
        json.dump(bootstrap(plane.port), file)
    log = open(os.path.join(folder, f"{name}{number}.log"), "w")
    return subprocess.Popen([binary, "-c", path, "--concurrency", "1", "--base-id", str(700 + number), "-l", "warning"],
                            stdout=log, stderr=log)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envoy")
    parser.add_argument("attache")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--down", type=float, default=2)
    parser.add_argument("--pairs", type=int, default=2, help="proxies of each kind at once")
    options = parser.parse_args()
    names = {"envoy": options.envoy, "attache": options.attache}
    seen = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        running = []
        try:
            for number in range(options.pairs):
                for name, binary in names.items():
                    plane = ControlPlane()
                    plane.up()
                    running.append((name, plane, start(binary, name, len(running), plane, folder)))
            for _, plane, _ in running:
                if not plane.answered.wait(60):
                    raise SystemExit("a proxy did not ask its control plane within 60 s")
            for _ in range(options.rounds):
                time.sleep(1)
                for _, plane, _ in running:
                    plane.down()
                time.sleep(options.down)
                for _, plane, _ in running:
                    plane.up()
                for name, plane, _ in running:
                    if not plane.answered.wait(60):
                        raise SystemExit(f"{name} did not come back within 60 s")
                    seen[name].append(plane.arrived)
        finally:
            for _, _, process in running:
                process.kill()
    for name, times in seen.items():
        print(f"{name:8} median {statistics.median(times):5.2f} s  max {max(times):5.2f} s  of {len(times)}")
    print(f"attache : envoy, medians {statistics.median(seen['attache']) / statistics.median(seen['envoy']):.2f}")


if __name__ == "__main__":
    main()
