#!/usr/bin/env python3
"""What a request costs with the HTTP filters that Istio gives every sidecar, in CPU of the proxy, beside Envoy.

    bench/istio.py ENVOY ATTACHE [--seconds 8] [--rounds 3] [--connections 32]

Three listeners each: no filters; those of an outbound listener (metadata exchange, grpc_stats, ALPN, fault, cors,
istio.stats); those of an inbound one. The public Envoy has none of Istio's own filters, so that it runs the others
alone. Prints CPU per request (microseconds, medians over rounds in which the proxies take turns) and the ratio, and
fails where Attache has not counted every request. Attache: at most 0.5.
"""

import argparse
import os
import pathlib
import re
import shutil
import statistics
import tempfile
import urllib.request

import peers
import sidecall

ISTIO = "type.googleapis.com/"
VARIANTS = ("plain", "outbound", "inbound")
NODE = {
    "id": "sidecar",
    "cluster": "mesh",
    "metadata": {
        "WORKLOAD_NAME": "web-v1",
        "NAMESPACE": "shop",
        "CLUSTER_ID": "Kubernetes",
        "ISTIO_VERSION": "1.31.0",
        "LABELS": {
            "app": "web",
            "version": "v1",
            "service.istio.io/canonical-name": "web",
            "service.istio.io/canonical-revision": "v1",
        },
    },
}


def entry(name, message, **fields):
    return {"name": name, "typed_config": {"@type": message, **fields}}


def filters(variant, istio):
    if variant == "plain":
        return []
    outbound = variant == "outbound"
    exchange = (
        {"upstream_discovery": [{"istio_headers": {}}], "upstream_propagation": [{"istio_headers": {}}]}
        if outbound
        else {"downstream_discovery": [{"istio_headers": {}}], "downstream_propagation": [{"istio_headers": {}}]}
    )
    stock = [
        entry(
            "grpc_stats",
            sidecall.HTTP + "grpc_stats.v3.FilterConfig",
            emit_filter_state=True,
            stats_for_all_methods=False,
        ),
        entry("fault", sidecall.HTTP + "fault.v3.HTTPFault"),
        entry("cors", sidecall.HTTP + "cors.v3.Cors"),
    ]
    if istio:
        stock.insert(0, entry("istio.metadata_exchange", ISTIO + "io.istio.http.peer_metadata.Config", **exchange))
        stock.append(entry("istio.stats", ISTIO + "stats.PluginConfig"))
        if outbound:
            alpn = ISTIO + "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"
            protocols = ["istio-http/1.1", "istio", "http/1.1"]
            override = [{"upstream_protocol": "HTTP11", "alpn_override": protocols}]
            stock.insert(2, entry("istio.alpn", alpn, alpn_override=override))
    return stock


def subject(binary, upstream, folder, istio):
    ports = {variant: sidecall.free_port() for variant in VARIANTS}
    listeners = []
    for variant in VARIANTS:
        made = sidecall.listener(variant, ports[variant], {"route": {"cluster": "up"}}, filters(variant, istio))
        made["traffic_direction"] = "INBOUND" if variant == "inbound" else "OUTBOUND"
        listeners.append(made)
    up = sidecall.cluster("up", upstream)
    service = {"host": "api.stock.svc.cluster.local", "name": "api", "namespace": "stock"}
    up["metadata"] = {"filter_metadata": {"istio": {"services": [service]}}}
    endpoint = up["load_assignment"]["endpoints"][0]["lb_endpoints"][0]
    endpoint["metadata"] = {"filter_metadata": {"istio": {"workload": "api-v1;stock;api;v1;Kubernetes"}}}
    return sidecall.Proxy(binary, listeners, [up], folder, {"node": NODE}), ports


def measure(proxy, port, options, seconds):
    cpu = proxy.cpu()
    result = peers.wrk(port, seconds, options.connections, f"0-{(os.cpu_count() or 1) - 1}")
    if result["errors"]:
        raise SystemExit(f"{result['errors']} requests failed")
    return (proxy.cpu() - cpu) * 1e6 / max(1, result["requests"]), result["requests"]


def counted(proxy):
    with urllib.request.urlopen(f"http://127.0.0.1:{proxy.admin}/stats/prometheus") as answer:
        page = answer.read().decode()
    return sum(int(value) for value in re.findall(r"^istio_requests_total\{.*\} (\d+)$", page, re.MULTILINE))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("envoy")
    parser.add_argument("attache")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--warm-up", type=int, default=8, dest="warm_up")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="istio-"))
    upstream, port = peers.start_upstream(folder, f"0-{(os.cpu_count() or 1) - 1}")
    subjects = {}
    requests = 0
    try:
        for name, binary in (("Envoy", options.envoy), ("Attache", options.attache)):
            subjects[name] = subject(binary, port, folder, name == "Attache")
        figures = {(variant, name): [] for variant in VARIANTS for name in subjects}
        for turn in range(options.rounds + 1):
            for variant in VARIANTS:
                for name, (proxy, ports) in subjects.items():
                    seconds = options.seconds if turn else options.warm_up
                    cost, done = measure(proxy, ports[variant], options, seconds)
                    requests += done if name == "Attache" and variant != "plain" else 0
                    if turn:
                        figures[variant, name].append(cost)
        if counted(subjects["Attache"][0]) < requests:
            raise SystemExit(f"{counted(subjects['Attache'][0])} of {requests} requests were counted")
        rows = []
        for variant in VARIANTS:
            envoy, attache = (statistics.median(figures[variant, name]) for name in ("Envoy", "Attache"))
            rows.append([variant, f"{envoy:.1f}", f"{attache:.1f}", f"{attache / envoy:.2f}"])
        peers.table("CPU per request (us)", ["", "Envoy", "Attache", "ratio"], rows)
    finally:
        for proxy, _ in subjects.values():
            proxy.stop()
        upstream.terminate()
        upstream.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
