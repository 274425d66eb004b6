#!/usr/bin/env python3
"""What every request costs with all of it traced and logged, in CPU of the proxy, beside Envoy.

    bench/telemetry.py ENVOY ATTACHE [--seconds 8] [--rounds 3] [--connections 32]

Each proxy serves the same upstream four times: plainly, with a gRPC access log, with spans of OpenTelemetry for
every request, and with both. One collector (HTTP/2, in this script) takes what both send and counts it, so that
nobody is fast by sending nothing. Prints CPU per request (microseconds, medians over rounds in which the proxies
take turns), the ratio, and the bytes that the collector got for each request. Attache: at most 0.5 with both.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import struct
import tempfile
import threading

import peers
import sidecall

SPANS = "type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig"
LOG = "type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig"
H2 = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
VARIANTS = {"plain": (False, False), "log": (True, False), "spans": (False, True), "both": (True, True)}


class Collector:
    """Takes gRPC streams for good and answers unary calls with an empty message; counts bytes of bodies."""

    def __init__(self):
        self.bytes = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer, _ = self.server.accept()
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    @staticmethod
    def frame(kind, flags, stream, payload=b""):
        return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload

    def answer(self, stream):
        """200 with a content type, an empty message, grpc-status 0."""
        head = b"\x88\x5f\x10application/grpc"
        return (
            self.frame(1, 4, stream, head)
            + self.frame(0, 0, stream, bytes(5))
            + self.frame(1, 5, stream, b"\x00\x0bgrpc-status\x010")
        )

    def serve(self, peer):
        try:
            self.take(peer)
        except ConnectionError:
            peer.close()

    def take(self, peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = peer.makefile("rb", 1 << 18)
        reader.read(24)
        window = struct.pack(">I", (1 << 31) - 1 - 65535)
        settings = struct.pack(">HIHI", 3, 1 << 20, 4, (1 << 31) - 1)
        peer.sendall(self.frame(4, 0, 0, settings) + self.frame(8, 0, 0, window))
        unseen = 0
        while True:
            head = reader.read(9)
            if len(head) < 9:
                return
            length = int.from_bytes(head[:3], "big")
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            reader.read(length)
            if kind == 4 and not flags & 1:
                peer.sendall(self.frame(4, 1, 0))
            elif kind == 6 and not flags & 1:
                peer.sendall(self.frame(6, 1, 0, bytes(8)))
            elif kind == 0:
                self.bytes += length
                unseen += length
                if unseen > 1 << 20:
                    # A stream that stays open would run dry in the end, as the connection would.
                    more = struct.pack(">I", unseen)
                    peer.sendall(self.frame(8, 0, 0, more) + (b"" if flags & 1 else self.frame(8, 0, stream, more)))
                    unseen = 0
                if flags & 1:
                    peer.sendall(self.answer(stream))


def listener(name, port, logged, traced):
    service = {"envoy_grpc": {"cluster_name": "collector"}}
    made = sidecall.listener(name, port, {"route": {"cluster": "up"}})
    manager = made["filter_chains"][0]["filters"][0]["typed_config"]
    if logged:
        common = {"log_name": "bench", "transport_api_version": "V3", "grpc_service": service}
        manager["access_log"] = [
            {"name": "envoy.access_loggers.http_grpc", "typed_config": {"@type": LOG, "common_config": common}}
        ]
    if traced:
        tracer = {"@type": SPANS, "grpc_service": {**service, "timeout": "1s"}, "service_name": "bench"}
        manager["tracing"] = {
            "random_sampling": {"value": 100},
            "provider": {"name": "envoy.tracers.opentelemetry", "typed_config": tracer},
        }
    return made


def subject(binary, upstream, collector, folder):
    ports = {name: sidecall.free_port() for name in VARIANTS}
    of_collector = sidecall.cluster("collector", collector.port)
    of_collector["typed_extension_protocol_options"] = {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": H2,
            "explicit_http_config": {"http2_protocol_options": {}},
        }
    }
    proxy = sidecall.Proxy(
        binary,
        [listener(name, ports[name], *what) for name, what in VARIANTS.items()],
        [sidecall.cluster("up", upstream), of_collector],
        folder,
    )
    return proxy, ports


def measure(proxy, port, seconds, connections, collector):
    cpu, told = proxy.cpu(), collector.bytes
    result = peers.wrk(port, seconds, connections, f"0-{(os.cpu_count() or 1) - 1}")
    if result["errors"]:
        raise SystemExit(f"{result['errors']} requests failed")
    requests = max(1, result["requests"])
    return (proxy.cpu() - cpu) * 1e6 / requests, (collector.bytes - told) / requests


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envoy")
    parser.add_argument("attache")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--warm-up", type=int, default=8, dest="warm_up")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="telemetry-"))
    collector = Collector()
    upstream, port = peers.start_upstream(folder, f"0-{(os.cpu_count() or 1) - 1}")
    subjects = {}
    try:
        for name, binary in (("Envoy", options.envoy), ("Attache", options.attache)):
            subjects[name] = subject(binary, port, collector, folder)
        figures = {(variant, name): [] for variant in VARIANTS for name in subjects}
        for variant in VARIANTS:
            for proxy, ports in subjects.values():
                measure(proxy, ports[variant], options.warm_up, options.connections, collector)
        for _ in range(options.rounds):
            for variant in VARIANTS:
                for name, (proxy, ports) in subjects.items():
                    figures[variant, name].append(
                        measure(proxy, ports[variant], options.seconds, options.connections, collector)
                    )
        rows = []
        for variant in VARIANTS:
            envoy, attache = (
                [statistics.median(column) for column in zip(*figures[variant, name])] for name in ("Envoy", "Attache")
            )
            rows.append(
                [variant, f"{envoy[0]:.1f}", f"{attache[0]:.1f}", f"{attache[0] / envoy[0]:.2f}", f"{envoy[1]:.0f}",
                 f"{attache[1]:.0f}"]
            )
        peers.table(
            "CPU per request (us)", ["", "Envoy", "Attache", "ratio", "bytes told: Envoy", "Attache"], rows
        )
    finally:
        for proxy, _ in subjects.values():
            proxy.stop()
        upstream.terminate()
        upstream.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
