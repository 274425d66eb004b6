"""Compares reverse proxies on one machine. See --help; run it through run-peers.sh.

Every proxy gets the same core and one worker, the same upstream (one nginx worker, 1 KiB body), and the same
load in interleaved rounds (A B C D A B C D …). Throughput and latency are medians over the rounds; CPU is
utime + stime of the proxy's process tree over a round, divided by its requests; memory is the resident set
of the tree. Routing, balancing, statistics and timeouts are on where a proxy has them, access logs are off.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HCM = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
TCP = "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"
ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
TICKS = os.sysconf("SC_CLK_TCK")
MODES = {"h1": "HTTP/1.1", "h2": "HTTP/2 (h2c)", "tcp": "TCP"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tree(pid):
    """The process and all its descendants that are still there."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            for child in children:
                found += tree(int(child))
    except OSError:
        return found
    return found


def cpu_seconds(pid):
    total = 0
    for p in tree(pid):
        try:
            fields = pathlib.Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def busy_seconds():
    """CPU time of the whole machine since it started, by everybody."""
    user, nice, system, _, _, irq, softirq, steal = map(int, pathlib.Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident_mib(pid):
    total = 0
    for p in tree(pid):
        try:
            match = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{p}/status").read_text())
        except OSError:
            continue
        total += int(match.group(1)) if match else 0
    return total / 1024


class Proxy:
    """One proxy with a port per mode. Subclasses write its configuration and name its command."""

    def __init__(self, directory, upstream, cores):
        self.directory = directory / self.name
        self.directory.mkdir()
        self.upstream = upstream
        self.cores = cores
        self.ports = {mode: free_port() for mode in ("h1", "h2", "tcp")}
        self.process = None

    def start(self):
        """Starts it and returns the seconds until the first proxied request was answered."""
        command = ["taskset", "-c", self.cores, *self.command()]
        log = open(self.directory / "log", "wb")
        begun = time.monotonic()
        self.process = subprocess.Popen(command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        while time.monotonic() - begun < 90:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended at once:\n" + (self.directory / "log").read_text()[-2000:])
            if answers(self.ports["h1"]):
                return time.monotonic() - begun
            time.sleep(0.002)
        raise SystemExit(f"{self.name} does not answer:\n" + (self.directory / "log").read_text()[-2000:])

    def stop(self):
        if self.process:
            for pid in reversed(tree(self.process.pid)):
                try:
                    os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    continue
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


class Envoy(Proxy):
    name = "envoy"
    binary = None

    def command(self):
        config = self.directory / "envoy.json"
        config.write_text(json.dumps(self.bootstrap()))
        return [self.binary, "-c", str(config), "--concurrency", "1", "--disable-hot-restart", "-l", "error"]

    def bootstrap(self):
        def at(port):
            return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

        def listener(name, port, network_filter):
            return {"name": name, "address": at(port), "filter_chains": [{"filters": [network_filter]}]}

        def http(prefix):
            route = {"match": {"prefix": "/"}, "route": {"cluster": "up"}}
            return {"name": "hcm", "typed_config": {
                "@type": HCM, "stat_prefix": prefix,
                "http_filters": [{"name": "router", "typed_config": {"@type": ROUTER}}],
                "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]}}}

        endpoint = {"endpoint": {"address": at(self.upstream)}}
        limits = {"max_connections": 10000, "max_pending_requests": 10000, "max_requests": 10000}
        return {
            "admin": {"address": at(0)},
            "static_resources": {
                "listeners": [
                    listener("h1", self.ports["h1"], http("h1")),
                    listener("h2", self.ports["h2"], http("h2")),
                    listener("tcp", self.ports["tcp"], {"name": "tcp", "typed_config": {
                        "@type": TCP, "stat_prefix": "tcp", "cluster": "up"}}),
                ],
                "clusters": [{
                    "name": "up", "type": "STATIC", "connect_timeout": "1s",
                    "circuit_breakers": {"thresholds": [limits]},
                    "load_assignment": {"cluster_name": "up", "endpoints": [{"lb_endpoints": [endpoint]}]}}],
            },
        }


class Attache(Envoy):
    name = "attache"


class Nginx(Proxy):
    name = "nginx"

    def command(self):
        stream = ""
        module = "/usr/lib/nginx/modules/ngx_stream_module.so"
        load = f"load_module {module};" if os.path.exists(module) else ""
        if load or "--with-stream " in subprocess.run(["nginx", "-V"], capture_output=True, text=True).stderr + " ":
            stream = f"""stream {{ upstream up {{ server 127.0.0.1:{self.upstream}; }}
                server {{ listen 127.0.0.1:{self.ports['tcp']}; proxy_pass up; }} }}"""
        else:
            self.ports.pop("tcp")
        config = self.directory / "nginx.conf"
        config.write_text(f"""{load}
            daemon off; worker_processes 1; error_log {self.directory}/error.log crit; pid {self.directory}/pid;
            events {{ worker_connections 4096; }}
            http {{ access_log off; keepalive_requests 100000000; client_body_temp_path {self.directory}/b;
                proxy_temp_path {self.directory}/p; fastcgi_temp_path {self.directory}/f;
                uwsgi_temp_path {self.directory}/u; scgi_temp_path {self.directory}/s;
                upstream up {{ server 127.0.0.1:{self.upstream}; keepalive 256; keepalive_requests 100000000; }}
                server {{ listen 127.0.0.1:{self.ports['h1']}; listen 127.0.0.1:{self.ports['h2']} http2;
                    http2_max_concurrent_streams 1024;
                    location / {{ proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection "";
                        proxy_set_header Host $host; proxy_buffering on; }} }} }}
            {stream}""")
        return ["nginx", "-c", str(config), "-p", str(self.directory)]


class HAProxy(Proxy):
    name = "haproxy"

    def command(self):
        config = self.directory / "haproxy.cfg"
        config.write_text(f"""
global
    nbthread 1
    maxconn 8000
defaults
    mode http
    timeout connect 1s
    timeout client 30s
    timeout server 15s
    http-reuse always
frontend h1
    bind 127.0.0.1:{self.ports['h1']}
    default_backend up
frontend h2
    bind 127.0.0.1:{self.ports['h2']} proto h2
    default_backend up
backend up
    server one 127.0.0.1:{self.upstream} pool-max-conn 1000
frontend tcp
    mode tcp
    bind 127.0.0.1:{self.ports['tcp']}
    default_backend up_tcp
backend up_tcp
    mode tcp
    server one 127.0.0.1:{self.upstream}
""")
        return ["haproxy", "-db", "-f", str(config)]


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(2)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            return connection.recv(12).endswith(b"200")
    except OSError:
        return False


def start_upstream(directory, cores):
    """One nginx worker that answers 1 KiB from memory."""
    port = free_port()
    home = directory / "upstream"
    home.mkdir()
    config = home / "nginx.conf"
    config.write_text(f"""daemon off; worker_processes 1; error_log {home}/error.log crit; pid {home}/pid;
        events {{ worker_connections 4096; }}
        http {{ access_log off; keepalive_requests 100000000; client_body_temp_path {home}/b; proxy_temp_path {home}/p;
            fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
            server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200 "{'x' * 1024}"; }} }} }}""")
    process = subprocess.Popen(["taskset", "-c", cores, "nginx", "-c", str(config), "-p", str(home)])
    while not answers(port):
        time.sleep(0.01)
    return process, port


def milliseconds(text):
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def wrk(port, seconds, connections, cores):
    out = subprocess.run(
        ["taskset", "-c", cores, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
         f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True).stdout
    errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", out)))
    errors += sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", out)))
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    return {
        "requests": requests,
        "rps": float(re.search(r"Requests/sec:\s+([0-9.]+)", out).group(1)),
        "p50": milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", out).group(1)),
        "p99": milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", out).group(1)),
        "errors": errors,
    }


def h2load(port, seconds, connections, cores, directory):
    log = directory / "h2load.log"
    log.unlink(missing_ok=True)
    out = subprocess.run(
        ["taskset", "-c", cores, "h2load", "-t1", f"-c{connections}", "-m8", f"-D{seconds}", "--warm-up-time=0",
         f"--log-file={log}", f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True).stdout
    done = re.search(r"requests: \d+ total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed", out)
    times = sorted(int(line.split("\t")[2]) for line in log.read_text().splitlines() if line.count("\t") == 2)
    requests = int(done.group(2))
    return {
        "requests": requests,
        "rps": requests / seconds,
        "p50": times[len(times) // 2] / 1000 if times else float("nan"),
        "p99": times[len(times) * 99 // 100] / 1000 if times else float("nan"),
        "errors": int(done.group(3)),
    }


def measure(proxy, mode, options, directory, upstream):
    port = proxy.ports[mode]
    begun, busy, others = time.monotonic(), busy_seconds(), cpu_seconds(upstream) + children_seconds()
    before = cpu_seconds(proxy.process.pid)
    if mode == "h2":
        result = h2load(port, options.seconds, options.connections // 4 or 1, options.load_cores, directory)
    else:
        result = wrk(port, options.seconds, options.connections, options.load_cores)
    used = cpu_seconds(proxy.process.pid) - before
    ours = used + cpu_seconds(upstream) + children_seconds() - others
    result["cpu_us"] = used * 1e6 / max(1, result["requests"])
    result["rss"] = resident_mib(proxy.process.pid)
    cores = os.cpu_count() or 1
    result["foreign"] = max(0, busy_seconds() - busy - ours) / (time.monotonic() - begun) / cores * 100
    return result


def table(title, header, rows):
    print(f"\n{title}", flush=True)
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        print("  " + "  ".join(str(cell).rjust(width) for cell, width in zip(row, widths)), flush=True)


def report(mode, results, base):
    medians = {
        name: {key: statistics.median(r[key] for r in rounds) for key in rounds[0]} | {
            "errors": sum(r["errors"] for r in rounds)}
        for name, rounds in results.items()
    }
    rows = []
    for name, m in medians.items():
        row = [name, f"{m['rps']:.0f}", f"{m['p50']:.2f}", f"{m['p99']:.2f}", f"{m['cpu_us']:.1f}", f"{m['rss']:.0f}", m["errors"]]
        for key in ("rps", "p99", "cpu_us"):
            row.append(f"{m[key] / medians[base][key]:.2f}" if base in medians and medians[base][key] else "-")
        nginx = medians.get("nginx")
        row.append(f"{m['cpu_us'] / nginx['cpu_us']:.2f}" if nginx and nginx["cpu_us"] else "-")
        rows.append(row)
    table(
        f"{MODES[mode]} (other processes used {max(m['foreign'] for m in medians.values()):.0f} % of the machine)",
        ["proxy", "req/s", "p50 ms", "p99 ms", "CPU us/req", "RSS MiB", "errors",
         f"req/s:{base}", f"p99:{base}", f"CPU:{base}", "CPU:nginx"], rows)
    return medians


def startup(proxies, options):
    """Startup to the first proxied request, and memory after 10,000 requests; one proxy at a time."""
    rows = []
    for proxy in proxies:
        times = []
        for _ in range(options.starts):
            proxy.stop()
            times.append(proxy.start())
        done = subprocess.run(
            ["taskset", "-c", options.load_cores, "h2load", "--h1", "-n10000", "-c16", "-t1",
             f"http://127.0.0.1:{proxy.ports['h1']}/"], capture_output=True, text=True, check=True).stdout
        ok = re.search(r"(\d+) succeeded", done).group(1)
        rows.append([proxy.name, f"{statistics.median(times) * 1000:.0f}", f"{min(times) * 1000:.0f}", ok, f"{resident_mib(proxy.process.pid):.0f}"])
    table("Startup", ["proxy", "ms to first request", "best", "of 10000 succeeded", "RSS MiB after"], rows)


def peers_directory():
    """Where .ci/run and .ci/peers install."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "attache" / "peers"
    usual = pathlib.Path("/opt/peers")
    return os.environ.get("ATTACHE_PEERS") or str(usual if (usual / "envoy").exists() else cache)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cores = os.cpu_count() or 1
    parser.add_argument("--quick", action="store_true", help="shorter rounds: about three minutes in all instead of eleven")
    parser.add_argument("--only", default="attache,envoy,haproxy,nginx", help="which proxies, comma-separated")
    parser.add_argument("--modes", default="h1,h2,tcp")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--warm-up", type=int, default=8, dest="warm_up", help="seconds per proxy and mode")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--proxy-cores", default="0")
    parser.add_argument("--load-cores", default="1" if cores == 2 else f"1-{cores - 1}" if cores > 1 else "0")
    parser.add_argument("--attache", default=str(pathlib.Path(__file__).resolve().parent.parent / "attache"))
    parser.add_argument("--envoy", default=os.path.join(peers_directory(), "envoy"))
    parser.add_argument("--json", help="also write the medians to this file")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.seconds, chosen.warm_up, chosen.starts = 2, 3, 4, 1
    return chosen


def main():
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing it started is left behind
    names = chosen.only.split(",")
    for name, tool in (("attache", chosen.attache), ("envoy", chosen.envoy)):
        if name in names and not os.access(tool, os.X_OK):
            raise SystemExit(f"{tool} is missing; install the peers by .ci/peers/all.sh, or leave one out by --only")
    if "attache" in names:
        subprocess.run([chosen.attache, "--version"], stdout=subprocess.DEVNULL, check=True)  # builds on first use
    Envoy.binary = chosen.envoy
    Attache.binary = chosen.attache
    kinds = {kind.name: kind for kind in (Attache, Envoy, HAProxy, Nginx)}
    directory = pathlib.Path(tempfile.mkdtemp(prefix="peers-"))
    upstream, port = start_upstream(directory, chosen.load_cores)
    proxies = [kinds[name](directory, port, chosen.proxy_cores) for name in names]
    medians = {}
    try:
        print(f"proxy on core {chosen.proxy_cores}; load and upstream on {chosen.load_cores}; {chosen.rounds} rounds of "
              f"{chosen.seconds} s, {chosen.connections} connections (HTTP/2: a quarter of them, 8 streams each)")
        each = chosen.warm_up + chosen.rounds * chosen.seconds
        modes = chosen.modes.split(",")
        print(f"takes about {len(modes) * len(proxies) * each // 60 + 1} minutes; load average "
              f"{os.getloadavg()[0]:.1f} before it begins", flush=True)
        startup(proxies, chosen)
        for mode in modes:
            able = [p for p in proxies if mode in p.ports]
            results = {p.name: [] for p in able}
            warm = argparse.Namespace(**{**vars(chosen), "seconds": chosen.warm_up})
            for proxy in able:
                measure(proxy, mode, warm, directory, upstream.pid)
            for _ in range(chosen.rounds):
                for proxy in able:
                    results[proxy.name].append(measure(proxy, mode, chosen, directory, upstream.pid))
            base = "envoy" if "envoy" in results else next(iter(results))
            medians[mode] = report(mode, results, base)
        if chosen.json:
            pathlib.Path(chosen.json).write_text(json.dumps(medians, indent=1))
    finally:
        for proxy in proxies:
            proxy.stop()
        upstream.terminate()
        upstream.wait()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
