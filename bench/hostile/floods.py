"""Floods a proxy while another connection of the same worker makes requests, beside Envoy in one run.

For each flood: p99 of the other connection while all is quiet and while the flood runs, and whether it keeps the
larger of twice its quiet value and Envoy's under the same flood; how long the worker thread itself ran between a
request of that connection and its answer (p99 and most; machine noise is not in it, but a worker that never sleeps is
told of in ticks of the system's clock); how the flooding connection ended, and the counters that moved. Who measures runs ahead of the flooders where the system allows it (root): that
they use up the processor is not the proxy's doing.

    python3 bench/hostile/floods.py --subject ./attache [--envoy envoy] [--only rapid] [--csv out.csv]

Two cores at least, and a quiet machine; on a busy one look at the worker's column only.
"""

import argparse
import csv
import json
import multiprocessing
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import client_floods
import upstream_floods

HCM = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
OPTIONS = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
TELLING = re.compile(r"(_flood|_resets?|_messaging_error|_protocol_error|_refused_errors|goaway_sent)$")


def free_port(taken=[0]):
    if taken[0]:
        taken[0] += 1
        return taken[0]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ports_from(first):
    free_port.__defaults__[0][0] = first


# ---- peers of the proxy, each in a process of its own -------------------------------------------------------------


def polite_upstream(port, answer_after):
    """HTTP/1 with keep-alive: answers at once, or (``answer_after``) holds the request for a while."""
    import asyncio

    async def serve(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b"chunked" in head.lower():
                    tail = b""
                    while not tail.endswith(b"0\r\n\r\n"):
                        got = await reader.read(1 << 16)
                        if not got:
                            return
                        tail = (tail + got)[-5:]
                await asyncio.sleep(answer_after)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            writer.close()

    async def main():
        server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=4096)
        await server.serve_forever()

    asyncio.run(main())


def hostile_upstreams(ports):
    for name, data in upstream_floods.HTTP2.items():
        upstream_floods.Server(ports[name], data, True)
    for name, data in upstream_floods.HTTP1.items():
        upstream_floods.Server(ports[name], data, False)
    while True:
        time.sleep(60)


def worker_clock(pid):
    """Reads how long the proxy's worker thread has run, in milliseconds: time that neighbours of the proxy cannot take."""
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().startswith("wrk:"):
            return lambda: int((task / "schedstat").read_text().split()[0]) / 1e6
    raise SystemExit(f"process {pid} has no worker thread")


def go_ahead():
    """From now on this process runs as soon as it can."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        print("not allowed to run ahead of the flooders: latencies are theirs, too", flush=True)


def victim(port, pid, out, stop):
    """One HTTP/1 connection, a request every two milliseconds; tells its latencies, and the worker's time in them.

    The proxy answers by itself: an upstream that is late, too, would be counted as its work.
    """
    clock = worker_clock(pid)
    go_ahead()
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(30)
    took = []
    while not stop.is_set():
        begun, worked = time.monotonic(), clock()
        try:
            connection.sendall(b"GET /direct HTTP/1.1\r\nHost: victim.test\r\n\r\n")
            got = b""
            while not got.endswith(b"\r\n\r\nok"):
                more = connection.recv(4096)
                if not more:
                    raise OSError("closed")
                got += more
        except OSError:
            took.append((30_000.0, clock() - worked))
            break
        took.append(((time.monotonic() - begun) * 1000, clock() - worked))
        time.sleep(0.002)
    out.put(took)


def percentile(pairs, which, share=0.99):
    ordered = sorted(pair[which] for pair in pairs)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Victim:
    def __init__(self, proxy):
        self.out, self.stop = multiprocessing.Queue(), multiprocessing.Event()
        self.process = multiprocessing.Process(
            target=victim, args=(proxy.listener, proxy.process.pid, self.out, self.stop))
        self.process.start()

    def finish(self):
        self.stop.set()
        took = self.out.get(timeout=40)
        self.process.join()
        return took


# ---- the proxies ----------------------------------------------------------------------------------------------------


def cluster(name, port, http2):
    explicit = {"http2_protocol_options": {}} if http2 else {"http_protocol_options": {}}
    return {"name": name, "type": "STATIC", "connect_timeout": "5s",
            "circuit_breakers": {"thresholds": [{"max_connections": 100000, "max_pending_requests": 100000,
                                                 "max_requests": 100000, "max_retries": 3}]},
            "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":
                                                 {"@type": OPTIONS, "explicit_http_config": explicit}},
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                "socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]}}


def bootstrap(listener, admin, upstreams):
    routes = [{"match": {"path": "/direct"}, "direct_response": {"status": 200, "body": {"inline_string": "ok"}}}]
    routes += [{"match": {"path": f"/{name}"}, "route": {"cluster": name}} for name in upstreams]
    manager = {"@type": HCM, "stat_prefix": "flood", "http_filters": [{"name": "router", "typed_config": {"@type": ROUTER}}],
               "proxy_100_continue": True,
               "route_config": {"name": "r", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]}}
    return {
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": admin}}},
        "static_resources": {
            "listeners": [{"name": "flood", "address": {"socket_address": {"address": "127.0.0.1", "port_value": listener}},
                           "filter_chains": [{"filters": [{"name": "hcm", "typed_config": manager}]}]}],
            "clusters": [cluster(name, port, name in upstream_floods.HTTP2) for name, port in upstreams.items()]}}


class Proxy:
    def __init__(self, name, command, directory, upstreams):
        self.name, self.listener, self.admin = name, free_port(), free_port()
        config = directory / f"{name}.json"
        config.write_text(json.dumps(bootstrap(self.listener, self.admin, upstreams)))
        self.log = open(directory / f"{name}.log", "wb")
        self.process = subprocess.Popen([command, "-c", str(config), "--concurrency", "1", "-l", "warning",
                                         "--base-id", str(self.admin)] if name == "envoy" else
                                        [command, "-c", str(config), "--concurrency", "1", "-l", "warning"],
                                        stdout=self.log, stderr=self.log)
        until = time.monotonic() + 60
        while self.get("/ready") != b"LIVE\n":
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{name} does not start, see {directory}/{name}.log")
            time.sleep(0.05)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=10) as answer:
                return answer.read()
        except OSError:
            return b""

    def counters(self):
        lines = (line.split(": ") for line in self.get("/stats?type=Counters").decode().splitlines())
        return {line[0]: int(line[1]) for line in lines if len(line) == 2 and TELLING.search(line[0])}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def ask(port, path):
    """One request over HTTP/1; the status line or what happened instead."""
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.settimeout(8)
            connection.sendall(b"GET %s HTTP/1.1\r\nHost: flood.test\r\nConnection: close\r\n\r\n" % path.encode())
            got = b""
            while more := connection.recv(1 << 16):
                got += more
    except OSError as e:
        return {"sent": 1, "ended": type(e).__name__}
    codes = re.findall(rb"HTTP/1.1 (\d\d\d)", got)
    body = got.rpartition(b"\r\n\r\n")[2]
    return {"sent": 1, "ended": " ".join(c.decode() for c in codes[-2:]) + f" heads={len(codes)} tail={body[:20]!r}"}


def again_and_again(play, port, seconds):
    """The last outcome, and how often it took to fill the time: who is thrown out comes back."""
    until, times = time.monotonic() + seconds, 0
    while True:
        result = play(port)
        times += 1
        if time.monotonic() >= until:
            return {**result, "times": times}


def in_child(play, port, seconds):
    """A flood must not share an interpreter with the one who measures."""
    out = multiprocessing.Queue()
    process = multiprocessing.Process(target=lambda: out.put(again_and_again(play, port, seconds)))
    process.start()
    result = out.get(timeout=120)
    process.join()
    return result


def measure(proxy, play, seconds):
    quiet = []
    if seconds:
        other = Victim(proxy)
        time.sleep(seconds)
        quiet = other.finish()
    before = proxy.counters()
    other = Victim(proxy) if seconds else None
    result = in_child(play, proxy.listener, seconds)
    during = other.finish() if other else []
    after = proxy.counters()
    moved = {k: v - before.get(k, 0) for k, v in after.items() if v != before.get(k, 0)}
    return {"quiet": percentile(quiet, 0), "during": percentile(during, 0), "quiet_work": percentile(quiet, 1),
            "work": percentile(during, 1), "most_work": percentile(during, 1, 1.0), "asked": len(during),
            **result, "moved": moved}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--subject", required=True)
    args.add_argument("--envoy", default=shutil.which("envoy"))
    args.add_argument("--only", default="", help="regular expression over the names; upstreams' begin with up_")
    args.add_argument("--seconds", type=float, default=5,
                      help="how long all is quiet, and how long each flood at least; 0: outcomes only")
    args.add_argument("--csv", type=pathlib.Path)
    args.add_argument("--first-port", type=int, default=0, help="0 = any")
    args = args.parse_args()
    ports_from(args.first_port)
    plays = dict(client_floods.FLOODS)
    for name in [*upstream_floods.HTTP2, *upstream_floods.HTTP1]:
        plays["up_" + name] = lambda port, path="/" + name: ask(port, path)
    upstreams = {name: free_port() for name in [*upstream_floods.HTTP2, *upstream_floods.HTTP1]}
    helpers = [multiprocessing.Process(target=hostile_upstreams, args=(dict(upstreams),), daemon=True)]
    for name, wait in (("v", 0), ("slow", 3)):
        upstreams[name] = free_port()
        helpers.append(multiprocessing.Process(target=polite_upstream, args=(upstreams[name], wait), daemon=True))
    for helper in helpers:
        helper.start()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="floods-"))
    proxies, rows = [], []
    try:
        for name, command in (("envoy", args.envoy), ("attache", args.subject)):
            if command and command != "-":
                proxies.append(Proxy(name, command, directory, upstreams))
        for proxy in proxies if args.seconds else []:
            warm = Victim(proxy)
            in_child(client_floods.FLOODS["requests"], proxy.listener, 2 * args.seconds)
            warm.finish()
        for name, play in plays.items():
            if re.search(args.only, name):
                rows += report(name, {p.name: measure(p, play, args.seconds) for p in proxies})
    finally:
        for proxy in proxies:
            proxy.stop()
        for helper in helpers:
            helper.terminate()
    if args.csv:
        with args.csv.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    late = [row for row in rows if row["verdict"] == "LATE"]
    print(f"{len(rows)} rows, {len(late)} late; logs in {directory}")
    sys.exit(1 if late else 0)


def report(flood, seen):
    rows = []
    for name, one in seen.items():
        bound = max(2 * one["quiet"], seen.get("envoy", one)["during"])
        verdict = "" if name == "envoy" or one["quiet"] != one["quiet"] else "LATE" if one["during"] > bound else "ok"
        print(f"{flood:20} {name:8} p99 {one['quiet']:7.1f} -> {one['during']:8.1f} ms {verdict:4} worker "
              f"{one['quiet_work']:6.2f} -> {one['work']:7.2f}, most {one['most_work']:7.2f} ms of {one['asked']:5} {one['times']:4} x {one['sent']:>8}, {one['ended']}, goaway {one.get('goaway')} {one.get('frames', '')} "
              f"{one['moved']}", flush=True)
        rows.append({"flood": flood, "proxy": name, "verdict": verdict, **{k: one.get(k) for k in (
            "quiet", "during", "quiet_work", "work", "most_work", "asked", "times", "sent", "ended", "goaway", "moved")}})
    return rows


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
