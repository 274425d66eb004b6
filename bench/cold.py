"""The first seconds of a pod with one core: requests at a fixed rate from the first answer on, Attache beside Envoy.

Open loop: each request has a time at which it is due, and its latency counts from then, whatever happened to those
before it. Runs alternate; the table has the median over the rounds for each second. --attache-options takes JVM options
of a further variant, as often as wanted.
"""

import argparse
import os
import pathlib
import socket
import statistics
import subprocess
import tempfile
import threading
import time

import peers

CONNECTIONS = 16
REQUEST = b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n"


def exchange(connection):
    """One request with a fixed-length answer; False if it is not a 200."""
    connection.sendall(REQUEST)
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return False
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(rest) < length:
        rest += connection.recv(65536)
    return head.startswith(b"HTTP/1.1 200")


def load(port, rate, seconds):
    """(second, latency in ms) of each answered request, and how many failed."""
    latencies, failures = [], []
    begun = time.monotonic()

    def one(number):
        due, connection = begun + number / rate, None
        while due < begun + seconds:
            time.sleep(max(0, due - time.monotonic()))
            try:
                connection = connection or socket.create_connection(("127.0.0.1", port), 5)
                ok = exchange(connection)
            except OSError:
                ok, connection = False, None
            (latencies if ok else failures).append((int(due - begun), (time.monotonic() - due) * 1000))
            due += CONNECTIONS / rate

    threads = [threading.Thread(target=one, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return latencies, len(failures)


def run(kind, options, upstream, directory, java_options):
    os.environ["ATTACHE_JAVA_OPTIONS"] = java_options
    proxy = kind(pathlib.Path(tempfile.mkdtemp(dir=directory)), upstream, options.proxy_cores)
    try:
        first = proxy.start() * 1000
        latencies, failures = load(proxy.ports["h1"], options.rate, options.seconds)
        cpu = peers.cpu_seconds(proxy.process.pid)
    finally:
        proxy.stop()
    result = {"first": first, "failures": failures, "cpu": cpu}
    for second in range(options.seconds):
        each = sorted(ms for at, ms in latencies if at == second)
        result[second] = (each[len(each) // 2], each[int(len(each) * 0.99)])
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=500, help="requests a second")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--proxy-cores", default="0")
    parser.add_argument("--load-cores", default="1")
    parser.add_argument("--attache", default=str(pathlib.Path(__file__).resolve().parent.parent / "attache"))
    parser.add_argument("--attache-options", action="append", default=[], metavar="OPTIONS")
    parser.add_argument("--envoy", default=os.path.join(peers.peers_directory(), "envoy"))
    options = parser.parse_args()
    subprocess.run([options.attache, "--version"], stdout=subprocess.DEVNULL, check=True)  # builds on first use
    peers.Envoy.binary, peers.Attache.binary = options.envoy, options.attache
    os.sched_setaffinity(0, {int(core) for core in options.load_cores.split(",")})
    variants = {"envoy": (peers.Envoy, ""), "attache": (peers.Attache, "")}
    variants |= {more: (peers.Attache, more) for more in options.attache_options}
    results = {name: [] for name in variants}
    with tempfile.TemporaryDirectory(prefix="cold-") as directory:
        upstream, port = peers.start_upstream(pathlib.Path(directory), options.load_cores)
        try:
            for _ in range(options.rounds):
                for name, (kind, more) in variants.items():
                    results[name].append(run(kind, options, port, directory, more))
        finally:
            upstream.terminate()
            upstream.wait()
    rows, base = [], None
    for name, rounds in results.items():
        p99 = statistics.median(r[0][1] for r in rounds)
        base = base or p99
        rows.append([name, f"{statistics.median(r['first'] for r in rounds):.0f}",
                     *("/".join(f"{statistics.median(r[s][i] for r in rounds):.1f}" for i in (0, 1)) for s in range(options.seconds)),
                     f"{p99 / base:.1f}", f"{statistics.median(r['cpu'] for r in rounds):.2f}", sum(r["failures"] for r in rounds)])
    peers.table(
        f"{options.rate} requests a second from the first answer; load average {os.getloadavg()[0]:.1f}",
        ["", "ms to it", *(f"p50/p99 ms, second {s + 1}" for s in range(options.seconds)), "p99 of the first: envoy", "CPU s", "failed"], rows)


if __name__ == "__main__":
    main()
