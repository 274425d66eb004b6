#!/usr/bin/env bash
# A workload that istiod finds in its files when it starts never becomes an endpoint of services that come later.
#
# Seen with: istiod 1.27.9 (Go module istio.io/istio v0.0.0-20260403063052-b9159ca3e5d5), Linux x86_64, --configDir, no
#            Kubernetes.
# Valid input: a WorkloadEntry in the directory before istiod starts, and two ServiceEntries that select it, written when
#            proxies can connect to istiod.
# Expected:  the workload is an endpoint of both, as it is where it is written when proxies can connect to istiod.
# Behaviour: /debug/configz has all three, /debug/endpointz has no endpoint at all, and it stays so until the workload changes.
#            Pages for debugging answer before proxies can connect: who waits for those writes too early now and then. GET
#            /ready never answers 200 without Kubernetes, and so cannot be waited for.
# Output seen:
#     there at the start: an endpoint of 0 services
#     written when ready: an endpoint of 2 services
# Needs bash, curl, python3, go 1.25 or newer; building istiod takes some five minutes where nothing is cached, ISTIOD may
# name one that is built. Exits 0 while the behaviour is as described, 1 once it changed, 2 if it could not be tried.
set -euo pipefail
dir=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
istiod=${ISTIOD:-$dir/istiod}
if [ ! -x "$istiod" ]; then
    (
        mkdir "$dir/build"
        cd "$dir/build"
        export GOFLAGS=-mod=mod CGO_ENABLED=0
        go mod init findings.test/istiod
        go mod edit -require istio.io/istio@v0.0.0-20260403063052-b9159ca3e5d5 \
            -require istio.io/api@v1.28.0 -require istio.io/client-go@v1.28.0
        go build -tags vtprotobuf,disable_pgv -o "$istiod" istio.io/istio/pilot/cmd/pilot-discovery
    ) >"$dir/build.log" 2>&1 || { tail -3 "$dir/build.log"; exit 2; }
fi

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

workload() {
    cat <<YAML
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: it, namespace: default}
spec: {address: 192.0.2.7, labels: {app: it}}
YAML
}

services() {
    local name
    for name in first second; do
        cat <<YAML
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: $name, namespace: default}
spec:
  hosts: [$name.test]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 7001, name: tcp, protocol: TCP}]
  workloadSelector: {labels: {app: it}}
YAML
    done
}

# tell OBJECTS: writes them at once.
tell() { "$1" >"$dir/written" && mv "$dir/written" "$dir/objects/$1.yaml"; }

# has PATH TEXT…: waits until istiod's page is there and has each of the texts.
has() {
    local path=$1 text
    shift
    for _ in $(seq 300); do
        if curl -sf -m 2 "http://127.0.0.1:$http$path" >"$dir/page"; then
            for text in "$@"; do grep -qF "\"$text\"" "$dir/page" || { sleep 0.1; continue 2; }; done
            return 0
        fi
        sleep 0.1
    done
    echo "no $path with $*"
    tail -3 "$dir/istiod.log"
    exit 2
}

# serves: waits until proxies can connect.
serves() {
    for _ in $(seq 300); do
        if (: <"/dev/tcp/127.0.0.1/$grpc") 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    tail -3 "$dir/istiod.log"
    exit 2
}

# services_of WHEN: how many services have the workload, which is written at the start or when istiod is ready.
services_of() {
    rm -rf "$dir/objects"
    mkdir "$dir/objects"
    http=$(free_port) grpc=$(free_port)
    [ "$1" = ready ] || tell workload
    (cd "$dir" && POD_NAMESPACE=istio-system exec "$istiod" discovery --registries= --configDir=objects --meshConfig=none \
        --networksConfig=none --httpAddr="127.0.0.1:$http" --grpcAddr="127.0.0.1:$grpc" \
        --secureGRPCAddr="127.0.0.1:$(free_port)" --monitoringAddr="127.0.0.1:$(free_port)" --ctrlz_port="$(free_port)" \
        >"$dir/istiod.log" 2>&1) &
    pids=($!)
    serves
    [ "$1" = start ] || tell workload
    has /debug/configz it
    tell services
    has /debug/configz first second it
    sleep 5
    curl -sf -m 2 "http://127.0.0.1:$http/debug/endpointz" >"$dir/endpoints"
    kill "${pids[@]}"
    wait "${pids[@]}" || true
    pids=()
    found=$(python3 -c 'import json, sys; print(sum("192.0.2.7" in json.dumps(each) for each in json.load(sys.stdin).values()))' \
        <"$dir/endpoints")
}

services_of start
lost=$found
services_of ready
echo "there at the start: an endpoint of $lost services"
echo "written when ready: an endpoint of $found services"
[ "$found" = 2 ] && [ "$lost" = 0 ] || exit 1
