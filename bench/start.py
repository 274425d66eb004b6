"""What an idle proxy costs: CPU and time of its start to the first 200, resident memory then and after some idle seconds,
Attache beside Envoy. One listener that answers by itself, one core, runs alternate, medians.

--beside names a further launcher, e.g. of an older build, as often as wanted; every ratio is to the first of them, or
to Envoy where there is none.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import peers


class Idle(peers.Envoy):
    """Answers its only route by itself."""

    def bootstrap(self):
        def at(port):
            return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

        answer = {"match": {"prefix": "/"}, "direct_response": {"status": 200, "body": {"inline_string": "ok"}}}
        manager = {"name": "hcm", "typed_config": {
            "@type": peers.HCM, "stat_prefix": "idle",
            "http_filters": [{"name": "router", "typed_config": {"@type": peers.ROUTER}}],
            "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [answer]}]}}}
        return {
            "node": {"id": "idle", "cluster": "idle"},
            "admin": {"address": at(0)},
            "static_resources": {"listeners": [
                {"name": "h1", "address": at(self.ports["h1"]), "filter_chains": [{"filters": [manager]}]}]}}


def cpu_milliseconds(pid):
    """Of the process and of what it has waited for, such as the launcher's tools."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) * 1000 / peers.TICKS


def run(name, binary, options):
    kind = type(name, (Idle,), {"name": name, "binary": binary})
    with tempfile.TemporaryDirectory(prefix="start-") as directory:
        proxy = kind(pathlib.Path(directory), 0, options.proxy_cores)
        try:
            wall = proxy.start() * 1000
            started = cpu_milliseconds(proxy.process.pid)
            resident = peers.resident_mib(proxy.process.pid)
            time.sleep(options.idle)
            idle = (cpu_milliseconds(proxy.process.pid) - started) / options.idle
            return wall, started, resident, peers.resident_mib(proxy.process.pid), idle
        finally:
            proxy.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--idle", type=float, default=3, help="seconds without a request")
    parser.add_argument("--proxy-cores", default="0")
    parser.add_argument("--load-cores", default="1")
    parser.add_argument("--attache", default=str(pathlib.Path(__file__).resolve().parent.parent / "attache"))
    parser.add_argument("--beside", action="append", default=[], metavar="LAUNCHER")
    parser.add_argument("--envoy", default=os.path.join(peers.peers_directory(), "envoy"))
    options = parser.parse_args()
    kinds = {f"beside{number}": launcher for number, launcher in enumerate(options.beside, 1)}
    if os.access(options.envoy, os.X_OK):
        kinds["envoy"] = options.envoy
    kinds["attache"] = options.attache
    for launcher in [options.attache, *options.beside]:
        subprocess.run([launcher, "--version"], stdout=subprocess.DEVNULL, check=True)  # builds on first use
    os.sched_setaffinity(0, {int(core) for core in options.load_cores.split(",")})
    results = {name: [] for name in kinds}
    for _ in range(options.rounds):
        for name, binary in kinds.items():
            results[name].append(run(name, binary, options))
    medians = {name: [statistics.median(column) for column in zip(*rounds)] for name, rounds in results.items()}
    base = next(iter(medians))
    rows = [[name, f"{m[1]:.0f}", f"{min(r[1] for r in results[name]):.0f}", f"{m[1] / medians[base][1]:.2f}", f"{m[0]:.0f}",
             f"{m[2]:.0f}", f"{m[3]:.0f}", f"{m[3] / medians[base][3]:.2f}", f"{m[4]:.1f}"] for name, m in medians.items()]
    peers.table(
        f"An idle proxy, medians of {options.rounds}; load average {os.getloadavg()[0]:.1f}",
        ["", "start CPU ms", "best", f"CPU:{base}", "ms to the first 200", "RSS MiB then", f"after {options.idle:.0f} s", f"RSS:{base}", "CPU ms/s idle"], rows)


if __name__ == "__main__":
    main()
