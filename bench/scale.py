"""Thousands of clusters over ADS, Attache beside Envoy in one run. See --help; run it through scale.sh.

One proxy at a time with a control plane of its own (dev.attache.bench.scale): the time and CPU until a request is
answered through the last cluster, the CPU of an idle second, what sending everything again costs, and how long one
endpoint's change takes to reach the traffic. A second thread asks the admin interface all the while: what it waits for
is how long the main loop, where health checks and timers run too, stands still. On a busy machine read the ratios.

With --virtual-hosts, --routes or --listeners: the CPU until a request is answered through the last listener, beside ten
clusters, and how much of it is above that of ten clusters and one listener.
"""

import argparse
import json
import os
import pathlib
import queue
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import peers

HTTP2 = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def bootstrap(xds, admin, delta):
    def at(port):
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    source = {"ads": {}, "resource_api_version": "V3", "initial_fetch_timeout": "0s"}
    return {
        "node": {"id": "scale", "cluster": "scale"},
        "admin": {"address": at(admin)},
        "dynamic_resources": {
            "ads_config": {"api_type": "DELTA_GRPC" if delta else "GRPC", "transport_api_version": "V3",
                           "grpc_services": [{"envoy_grpc": {"cluster_name": "xds"}}]},
            "cds_config": source, "lds_config": source},
        "static_resources": {"clusters": [{
            "name": "xds", "type": "STATIC", "connect_timeout": "1s",
            "typed_extension_protocol_options": {HTTP2: {
                "@type": f"type.googleapis.com/{HTTP2}", "explicit_http_config": {"http2_protocol_options": {}}}},
            "load_assignment": {"cluster_name": "xds", "endpoints": [
                {"lb_endpoints": [{"endpoint": {"address": at(xds)}}]}]}}]},
    }


def body(port, path, timeout=5, address="127.0.0.1"):
    """The body of a 200, or nothing."""
    try:
        with socket.create_connection((address, port), 1) as connection:
            connection.settimeout(timeout)
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
            data = b""
            while piece := connection.recv(65536):
                data += piece
    except OSError:
        return b""
    return data.partition(b"\r\n\r\n")[2] if data.startswith(b"HTTP/1.1 200") else b""


class Upstream:
    """Answers each request with a letter."""

    def __init__(self, letter):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + letter.encode()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                while connection.recv(65536):
                    connection.sendall(self.answer)
            except OSError:
                return


class ControlPlane:
    def __init__(self, options, size, listen, upstreams):
        root = pathlib.Path(__file__).resolve().parent.parent
        jars = os.environ.get("ATTACHE_BENCH_CLASSES") or f"{root}/bench/target/classes"
        home = pathlib.Path(os.environ.get("ATTACHE_HOME") or root / "packaging/target/attache")
        arguments = [options.clusters, options.endpoints, listen, *(u.port for u in upstreams), *size]
        self.process = subprocess.Popen(
            ["taskset", "-c", options.load_cores, options.java, "-Xmx1g", "-cp", f"{jars}:{home}/lib/*",
             "dev.attache.bench.scale.ScaleControlPlane", *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        first = self.process.stdout.readline().split()
        if len(first) < 2:
            raise SystemExit(f"scale: the control plane did not start with {options.java}: it needs JDK 25 (--java, JAVA_HOME)")
        self.port = int(first[1])
        self.acks = queue.Queue()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.acks.put(line.split())

    def order(self, line):
        while not self.acks.empty():
            self.acks.get()
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answered(self, kind, limit=60):
        """Milliseconds until the response of that kind was acknowledged."""
        while True:
            what, answered, took, _ = self.acks.get(timeout=limit)
            if what != "ack":
                raise SystemExit(f"the proxy refuses {answered}")
            if answered == kind:
                return float(took)

    def close(self):
        self.process.terminate()
        self.process.wait()


class MainLoop(threading.Thread):
    """Asks the admin interface, whose handlers run on the main loop, fifty times a second: what cheaply shows a wait."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.waits, self.over = port, [], False

    def run(self):
        while not self.over:
            begun = time.monotonic()
            try:
                with socket.create_connection(("127.0.0.1", self.port), 60) as connection:
                    connection.sendall(b"GET /ready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
                    if connection.recv(4096):
                        self.waits.append((begun, (time.monotonic() - begun) * 1000))
            except OSError:
                pass  # not there yet
            time.sleep(0.02)

    def longest(self, since):
        return max((wait for begun, wait in self.waits if begun >= since), default=0)


def wait_until(condition, process, limit=300):
    begun = time.monotonic()
    while not condition():
        if process.poll() is not None or time.monotonic() - begun > limit:
            raise SystemExit(f"the proxy ended or does not serve: {process.args}")
        time.sleep(0.005)
    return time.monotonic() - begun


def run(binary, options, directory, size=(0, 0, 1), start_only=False):
    upstreams = [Upstream("a"), Upstream("b")]
    listen, admin = peers.free_port(), peers.free_port()
    plane = ControlPlane(options, size, listen, upstreams)
    last = size[2] - 1
    config = directory / "bootstrap.json"
    config.write_text(json.dumps(bootstrap(plane.port, admin, options.delta)))
    log = directory / "gc.log"
    log.unlink(missing_ok=True)
    more = f"{os.environ.get('ATTACHE_JAVA_OPTIONS', '')} -Xlog:safepoint:file={log}"
    process = subprocess.Popen(
        ["taskset", "-c", options.proxy_cores, binary, "-c", str(config), "--concurrency", "1",
         "--disable-hot-restart", "-l", "error"],
        stdin=subprocess.DEVNULL, stderr=open(directory / "log", "wb"), env={**os.environ, "ATTACHE_JAVA_OPTIONS": more})

    def cpu():
        return peers.cpu_seconds(process.pid) * 1000

    def sent(line, kind):
        before, begun = cpu(), time.monotonic()
        plane.order(line)
        took = plane.answered(kind)
        time.sleep(1)
        return took, cpu() - before, loop.longest(begun)

    loop = MainLoop(admin)
    try:
        begun = time.monotonic()
        loop.start()
        address = f"127.0.{last // 200}.{1 + last % 200}"
        serves = wait_until(lambda: body(listen, "/", address=address), process) * 1000
        got = {"ms to serving": serves, "CPU ms to serving": cpu()}
        if start_only:
            return got
        got["main loop, longest wait ms"] = loop.longest(begun)
        time.sleep(2)
        got["resident MiB"] = peers.resident_mib(process.pid)
        got["EDS again: ms, CPU ms, wait ms"] = sent("same eds", "ClusterLoadAssignment")
        got["CDS again: ms, CPU ms, wait ms"] = sent("same cds", "Cluster")
        got["a new cluster: ms, CPU ms, wait ms"] = sent("add", "Cluster")
        loop.over = True
        loop.join()
        moves = []
        for _ in range(7):
            now, begun = body(listen, "/first"), time.monotonic()
            plane.order("move")
            wait_until(lambda: body(listen, "/first") != now, process)
            moves.append((time.monotonic() - begun) * 1000)
            time.sleep(0.3)
        got["one endpoint in traffic: median ms, longest ms"] = (statistics.median(moves), max(moves))
        if options.updates:
            got.update(updates(options, plane, listen, process, cpu))
        before = cpu()
        time.sleep(11)
        got["idle: CPU ms a second"] = (cpu() - before) / 11
        pauses = [int(n) / 1e6 for n in re.findall(r"Total: +(\d+) ns", log.read_text())] if log.exists() else []
        got["longest stop of all threads ms"] = max(pauses, default=0)
        return got
    finally:
        loop.over = True
        process.terminate()
        process.wait()
        plane.close()
        for upstream in upstreams:
            upstream.socket.close()


def updates(options, plane, listen, process, cpu):
    """Endpoints of so many clusters a second change for so many seconds, one a response, while requests go on."""
    resident, used, waits = peers.resident_mib(process.pid), cpu(), []
    begun = time.monotonic()
    plane.order("shift")
    sent, acks = 1, []
    while (now := time.monotonic() - begun) < options.seconds:
        while sent < now * options.updates:
            plane.process.stdin.write("shift\n")
            sent += 1
        plane.process.stdin.flush()
        asked = time.monotonic()
        if not body(listen, "/"):
            raise SystemExit("a request failed while endpoints changed")
        waits.append((time.monotonic() - asked) * 1000)
        time.sleep(0.005)
    while len(acks) < sent:
        what, _, took, _ = plane.acks.get(timeout=60)
        if what != "ack":
            raise SystemExit("the proxy refuses endpoints")
        acks.append(float(took))
    late = time.monotonic() - begun - options.seconds
    name = f"{options.updates} updates a second"
    return {
        f"{name}: CPU ms a second": (cpu() - used) / options.seconds,
        f"{name}: ACK after ms, median, longest": (statistics.median(acks), max(acks)),
        f"{name}: the last ACK after the end, ms": late * 1000,
        f"{name}: a request ms, median, p99, longest": (
            statistics.median(waits), statistics.quantiles(waits, n=100)[98], max(waits)),
        f"{name}: resident MiB before, after": (resident, peers.resident_mib(process.pid)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--clusters", type=int, help="10000, and 10 with one of the next three")
    parser.add_argument("--virtual-hosts", type=int, default=0)
    parser.add_argument("--routes", type=int, default=0, help="in each virtual host; one virtual host if none are asked for")
    parser.add_argument("--listeners", type=int, default=1)
    parser.add_argument("--endpoints", type=int, default=10, help="in each cluster")
    parser.add_argument("--delta", action="store_true", help="incremental xDS instead of the state of the world")
    parser.add_argument("--updates", type=int, default=0, help="clusters a second whose endpoints change, for --seconds")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--proxy-cores", default="0")
    parser.add_argument("--load-cores", default="1")
    home = os.environ.get("JAVA_HOME")
    parser.add_argument("--java", default=f"{home}/bin/java" if home else "java", help="of the control plane, 25 or newer")
    parser.add_argument("--attache", default=str(root / "attache"))
    parser.add_argument("--envoy", default=os.path.join(peers.peers_directory(), "envoy"))
    options = parser.parse_args()
    only_start = options.virtual_hosts or options.routes or options.listeners > 1
    options.clusters = options.clusters or (10 if only_start else 10000)
    subprocess.run([options.attache, "--version"], stdout=subprocess.DEVNULL, check=True)  # builds on first use
    results = {"attache": [], "envoy": []}
    with tempfile.TemporaryDirectory(prefix="scale-") as directory:
        if only_start:
            results = starts(options, pathlib.Path(directory))
        for _ in range(0 if only_start else options.rounds):
            for name, got in results.items():
                got.append(run(getattr(options, name), options, pathlib.Path(directory)))
    what = f"{options.virtual_hosts} virtual hosts, {options.routes} routes each, {options.listeners} listeners, " if only_start else ""
    peers.table(
        f"{what}{options.clusters} clusters of {options.endpoints} endpoints, "
        f"{'delta' if options.delta else 'state of the world'}; "
        f"load average {os.getloadavg()[0]:.1f}", ["", "attache", "envoy", "ratio"], list(rows(results)))


def starts(options, directory):
    """CPU to serving of the size that is asked for, and above that of the base, in each round."""
    size = (max(options.virtual_hosts, 1 if options.routes else 0), options.routes, options.listeners)
    results = {"attache": [], "envoy": []}
    for _ in range(options.rounds):
        for name, got in results.items():
            base, whole = (run(getattr(options, name), options, directory, each, True)["CPU ms to serving"]
                           for each in ((0, 0, 1), size))
            got.append({"base: CPU ms to serving": base, "CPU ms to serving": whole, "above the base": whole - base})
    return results


def rows(results):
    for key in results["attache"][0]:
        cells = []
        for got in results.values():
            each = [r[key] if isinstance(r[key], tuple) else (r[key],) for r in got]
            cells.append([statistics.median(column) for column in zip(*each)])
        ratios = [f"{a / e:.2f}" if e else "-" for a, e in zip(*cells)]
        yield [key, *(" / ".join(f"{x:.0f}" for x in cell) for cell in cells), " / ".join(ratios)]


if __name__ == "__main__":
    main()
