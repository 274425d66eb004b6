#!/usr/bin/env python3
"""What a call of a filter costs beside a proxied request, in CPU of the proxy, beside Envoy.

    bench/sidecall.py ENVOY ATTACHE [--requests 20000] [--rounds 3]

Each proxy serves the same upstream twice: directly, and behind ext_authz, which asks a service over HTTP about
every request. The difference is the side call, with the filter around it. Service and upstream are Envoy with
direct responses, apart from what is measured. Prints CPU per request (microseconds) and the ratio of the side
call to the request; both proxies take turns in every round.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

HTTP = "type.googleapis.com/envoy.extensions.filters.http."
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def listener(name, port, route, filters=()):
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name,
        "route_config": {
            "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, **route}]}]
        },
        "http_filters": [*filters, {"name": "router", "typed_config": {"@type": HTTP + "router.v3.Router"}}],
    }
    return {
        "name": name,
        "address": address(port),
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }


def cluster(name, port):
    endpoint = {"endpoint": {"address": address(port)}}
    return {
        "name": name,
        "type": "STATIC",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


class Proxy:
    """One process and how much CPU it has used."""

    def __init__(self, binary, listeners, clusters, folder, more=None):
        self.admin = free_port()
        path = os.path.join(folder, f"{self.admin}.json")
        with open(path, "w", encoding="ascii") as out:
            json.dump(
                {
                    **(more or {}),
                    "admin": {"address": address(self.admin)},
                    "static_resources": {"listeners": listeners, "clusters": clusters},
                },
                out,
            )
        self.process = subprocess.Popen(
            [binary, "-c", path, "--concurrency", "1", "-l", "error", "--base-id", str(self.admin % 30000)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not self.ready():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"{binary} does not start")
            time.sleep(0.1)

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/ready") as answer:
                return answer.status == 200
        except OSError:
            return False

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def stop(self):
        self.process.terminate()
        self.process.wait()


def load(port, requests, connections=4):
    def client(count):
        request = b"GET / HTTP/1.1\r\nhost: bench\r\n\r\n"
        with socket.create_connection(("127.0.0.1", port)) as peer:
            for _ in range(count):
                peer.sendall(request)
                seen = b""
                while b"\r\n\r\nok" not in seen:
                    piece = peer.recv(65536)
                    if not piece:
                        raise SystemExit("a connection was closed")
                    seen += piece

    threads = [threading.Thread(target=client, args=(requests // connections,)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def per_request(proxy, port, requests):
    before = proxy.cpu()
    load(port, requests)
    return (proxy.cpu() - before) * 1e6 / requests


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envoy")
    parser.add_argument("attache")
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        upstream, service = free_port(), free_port()
        answer = {"direct_response": {"status": 200, "body": {"inline_string": "ok"}}}
        peer = Proxy(
            options.envoy, [listener("up", upstream, answer), listener("authz", service, answer)], [], folder
        )
        authz = {
            "name": "envoy.filters.http.ext_authz",
            "typed_config": {
                "@type": HTTP + "ext_authz.v3.ExtAuthz",
                "transport_api_version": "V3",
                "http_service": {"server_uri": {"uri": "http://authz", "cluster": "authz", "timeout": "5s"}},
            },
        }
        subjects = {}
        for name, binary in (("Envoy", options.envoy), ("Attache", options.attache)):
            plain, asking = free_port(), free_port()
            to_upstream = {"route": {"cluster": "up"}}
            proxy = Proxy(
                binary,
                [listener("plain", plain, to_upstream), listener("asking", asking, to_upstream, [authz])],
                [cluster("up", upstream), cluster("authz", service)],
                folder,
            )
            subjects[name] = (proxy, plain, asking)
        try:
            for proxy, plain, asking in subjects.values():
                load(plain, options.requests)
                load(asking, options.requests)
            figures = {name: ([], []) for name in subjects}
            for _ in range(options.rounds):
                for name, (proxy, plain, asking) in subjects.items():
                    figures[name][0].append(per_request(proxy, plain, options.requests))
                    figures[name][1].append(per_request(proxy, asking, options.requests))
            for name, (plain, asking) in figures.items():
                request = statistics.median(plain)
                call = statistics.median(asking) - request
                print(f"{name}: request {request:.0f} us, side call {call:.0f} us, ratio {call / request:.2f}")
        finally:
            for proxy, _, _ in subjects.values():
                proxy.stop()
            peer.stop()


if __name__ == "__main__":
    main()
