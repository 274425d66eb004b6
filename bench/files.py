#!/usr/bin/env python3
"""CPU that a big bootstrap file costs beside Envoy: read, checked and compiled, nothing served.

    bench/files.py ENVOY ATTACHE [--count 10000] [--rounds 3]

Both validate the same YAML, one after the other: with one virtual host and one route, with --count
virtual hosts, and with --count routes of one. What is printed is CPU, user and system together, of
the fastest round, and the ratio of what the many cost above the one.
"""

import argparse
import pathlib
import resource
import subprocess
import sys
import tempfile

HEAD = """\
static_resources:
  clusters:
  - {name: c, connect_timeout: 1s}
  listeners:
  - name: l
    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
    filter_chains:
    - filters:
      - name: hcm
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: s
          http_filters:
          - name: router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            name: r
            virtual_hosts:
"""

HOST = """\
            - name: host{0}
              domains: ["host{0}.example.com"]
              routes:
              - match: {{prefix: /}}
                route: {{cluster: c, timeout: 5s}}
"""

ALL = """\
            - name: all
              domains: ["*"]
              routes:
"""

ROUTE = """\
              - match: {{path: /r/{0}}}
                route: {{cluster: c, timeout: 5s}}
"""


def hosts(count):
    return HEAD + "".join(HOST.format(i) for i in range(count))


def routes(count):
    return HEAD + ALL + "".join(ROUTE.format(i) for i in range(count))


def cpu_seconds(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("envoy")
    arguments.add_argument("attache")
    arguments.add_argument("--count", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    shapes = {
        "one": hosts(1),
        f"{options.count} virtual hosts": hosts(options.count),
        f"{options.count} routes": routes(options.count),
    }
    best = {}
    with tempfile.TemporaryDirectory() as folder:
        for shape, text in shapes.items():
            file = pathlib.Path(folder) / "bootstrap.yaml"
            file.write_text(text)
            for _ in range(options.rounds):
                for name in ("envoy", "attache"):
                    command = [getattr(options, name), "-c", str(file), "--mode", "validate"]
                    spent = cpu_seconds(command)
                    best[shape, name] = min(spent, best.get((shape, name), spent))
    for shape in shapes:
        attache, envoy = best[shape, "attache"], best[shape, "envoy"]
        line = f"{shape}: Attache {attache:.2f} s, Envoy {envoy:.2f} s"
        if shape != "one":
            more = [best[shape, name] - best["one", name] for name in ("attache", "envoy")]
            line += f"; above one {more[0]:.2f} and {more[1]:.2f} s, {more[0] / more[1]:.2f} times"
        print(line)


if __name__ == "__main__":
    main()
