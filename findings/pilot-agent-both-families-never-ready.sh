#!/usr/bin/env bash
# Istio's agent in a pod with addresses of both families that is known by that of IPv6: it is never ready, as it asks the proxy
# for its state at another address than the one that it has written to the proxy's bootstrap.
#
# Seen with: pilot-agent 1.27.9 (Go module istio.io/istio v0.0.0-20260403063052-b9159ca3e5d5) and the main branch of August
#            2026, Linux x86_64.
# Valid input: INSTANCE_IP=fd71::11 on an interface that has 10.71.0.11, too; ISTIO_DUAL_STACK is not set. Kubernetes gives
#            the address of IPv6 to pods of both families where the cluster's service range of IPv6 comes first.
# Expected:  the agent asks where its bootstrap has the proxy's administration.
# Behaviour: the bootstrap has 127.0.0.1, as not all addresses are of IPv6 (pkg/bootstrap); the agent asks ::1, as INSTANCE_IP
#            is (pilot/cmd/pilot-agent/status).
# Output seen:
#     the bootstrap's administration: 127.0.0.1
#     asked for readiness: [::1]
# Needs bash, curl, openssl, python3, iproute2, util-linux with the right to make user namespaces, go 1.25 or newer; building
# the agent takes some minutes where nothing is cached, PILOT_AGENT may name one that is built, ENVOY_TEMPLATE then its
# template. Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
agent=${PILOT_AGENT:-$dir/pilot-agent}
template=${ENVOY_TEMPLATE:-$dir/template.json}
if [ ! -x "$agent" ]; then
    (
        mkdir "$dir/build"
        cd "$dir/build"
        export GOFLAGS=-mod=mod CGO_ENABLED=0
        go mod init findings.test/agent
        go mod edit -require istio.io/istio@v0.0.0-20260403063052-b9159ca3e5d5 \
            -require istio.io/api@v1.28.0 -require istio.io/client-go@v1.28.0
        go build -tags agent,disable_pgv -o "$agent" istio.io/istio/pilot/cmd/pilot-agent
        cp "$(go list -m -f '{{.Dir}}' istio.io/istio)/tools/packaging/common/envoy_bootstrap.json" "$template"
    ) >"$dir/build.log" 2>&1 || { tail -3 "$dir/build.log"; exit 2; }
fi

# In place of the proxy, which need not answer: keeps its bootstrap.
cat >"$dir/proxy" <<'SH'
#!/bin/sh
while [ $# -gt 0 ]; do
    [ "$1" = -c ] && cp "$2" "$KEPT/bootstrap.json"
    shift
done
exec sleep 30
SH
chmod +x "$dir/proxy"
cat >"$dir/pod" <<'SH'
set -e
ip link set lo up
ip link add eth0 type veth peer name peer0
ip addr add 10.71.0.11/24 dev eth0
ip addr add fd71::11/64 dev eth0 nodad
ip link set eth0 up
ip link set peer0 up
cd "$KEPT"
"$1" proxy sidecar >agent.log 2>&1 &
for _ in $(seq 100); do
    curl -s -m 2 -o /dev/null http://127.0.0.1:15020/healthz/ready || true
    ! grep -q 'NOT ready' agent.log || break
    sleep 0.2
done
kill $!
SH
mkdir -p "$dir/var/lib/istio/envoy" "$dir/var/run/secrets/istio"
cp "$template" "$dir/var/lib/istio/envoy/envoy_bootstrap_tmpl.json"
openssl req -x509 -newkey ed25519 -nodes -keyout /dev/null -out "$dir/var/run/secrets/istio/root-cert.pem" -subj /CN=mesh \
    2>/dev/null
env -i PATH="$PATH" KEPT="$dir" CLOUD_PLATFORM=none POD_NAME=p POD_NAMESPACE=ns INSTANCE_IP=fd71::11 \
    PROXY_CONFIG="{\"binaryPath\": \"$dir/proxy\", \"discoveryAddress\": \"127.0.0.1:1\"}" \
    unshare -rn --kill-child bash "$dir/pod" "$agent" || { tail -3 "$dir/agent.log"; exit 2; }
[ -f "$dir/bootstrap.json" ] || { tail -3 "$dir/agent.log"; exit 2; }
written=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["admin"]["address"]["socket_address"]["address"])' \
    <"$dir/bootstrap.json")
asked=$(sed -n 's,.*NOT ready: Get "http://\(.*\):15000/.*,\1,p' "$dir/agent.log" | head -1)
echo "the bootstrap's administration: $written"
echo "asked for readiness: $asked"
[ "$written" = 127.0.0.1 ] && [ "$asked" = "[::1]" ] || exit 1
