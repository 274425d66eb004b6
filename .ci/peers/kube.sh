#!/usr/bin/env bash
# Kubernetes' API server without nodes and the Istio that needs it, for the tests of package dev.attache.mesh:
# kine, kube-apiserver, kube-controller-manager, istiod and pilot-agent 1.31, pilot-agent 1.27.9 and istioctl, all
# from public Go modules, with the files of both Istios' charts, and Helm for charts as they are. Not among all.sh: where nothing is cached it takes twenty
# minutes of a processor. The tests say when it has not run.
source "$(dirname "$0")/lib.sh"
PEERS="$PEERS/kube"
mkdir -p "$PEERS"
need go "install Go 1.25 or newer"

kubernetes=1.36.3
gateway_api=v1.6.0
istio=istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad
older="istio.io/istio@v0.0.0-20260403063052-b9159ca3e5d5 istio.io/api@v1.28.0 istio.io/client-go@v1.28.0"
version=istio.io/istio/pkg/version.buildVersion

# kubernetes_build NAME… : the module names its parts by folders beside it, which have to be replaced by their releases.
kubernetes_build() {
    local dir part parts name flags=k8s.io/component-base/version
    dir="$(mktemp -d)"
    (
        cd "$dir"
        export GOFLAGS=-mod=mod CGO_ENABLED=0 GOTOOLCHAIN="${GOTOOLCHAIN:-auto}"
        go mod init attache.dev/peers/kubernetes 2>/dev/null
        go mod edit -require "k8s.io/kubernetes@v$kubernetes"
        parts="$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')"
        for part in $(sed -n 's#^\t*\(k8s.io/[a-z0-9-]*\) => ./staging/.*#\1#p' "$parts"); do
            go mod edit -replace "$part=$part@v0.${kubernetes#1.}"
        done
        for name in "$@"; do
            nice go build -ldflags "-s -w -X $flags.gitVersion=v$kubernetes -X $flags.gitMajor=1 -X $flags.gitMinor=36" \
                -o "$dir/$name" "k8s.io/kubernetes/cmd/$name"
            install -m755 "$dir/$name" "$PEERS/$name"
            echo "peer $name: built"
        done
    )
    rm -rf "$dir"
}

# files NAME MODULE@VERSION PATH… : files of a module, which is in the module cache once it was built from.
files() {
    local name="$1" dir path
    [ -d "$PEERS/$name" ] && { echo "peer $name: already in $PEERS"; return; }
    dir="$(cd / && GOFLAGS=-mod=mod go mod download -json "$2" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')"
    mkdir -p "$PEERS/$name.new"
    shift 2
    for path in "$@"; do cp -r "$dir"/$path "$PEERS/$name.new/"; done
    chmod -R u+w "$PEERS/$name.new"
    mv "$PEERS/$name.new" "$PEERS/$name"
    echo "peer $name: installed"
}

agent=istio.io/istio/pilot/cmd/pilot-agent
agent_tags=agent,disable_pgv,grpcnotrace,retrynotrace
have kube-apiserver && have kube-controller-manager || kubernetes_build kube-apiserver kube-controller-manager
have kine || go_build kine github.com/k3s-io/kine github.com/k3s-io/kine@v0.17.5
have pilot-discovery-1.31 || GO_TAGS=vtprotobuf,disable_pgv GO_LDFLAGS="-X $version=1.31.0" \
    go_build pilot-discovery-1.31 istio.io/istio/pilot/cmd/pilot-discovery $istio
have pilot-agent-1.31 || GO_TAGS=$agent_tags GO_LDFLAGS="-X $version=1.31.0" go_build pilot-agent-1.31 $agent $istio
have pilot-agent || GO_TAGS=$agent_tags GO_LDFLAGS="-X $version=1.27.9" go_build pilot-agent $agent $older
have istioctl || go_build istioctl istio.io/istio/istioctl/cmd/istioctl $istio
have helm || go_build helm helm.sh/helm/v4/cmd/helm helm.sh/helm/v4@v4.2.0
chart=manifests/charts/istio-control/istio-discovery
charted=(manifests/charts/base/files/crd-all.gen.yaml $chart/values.yaml $chart/files tools/packaging/common/envoy_bootstrap.json)
files istio-1.31 $istio "${charted[@]}"
files istio-1.27 "${older%% *}" "${charted[@]}"
files istiod-1.31 $istio "$chart/*"
files gateway-api-1.3 sigs.k8s.io/gateway-api@v1.3.0 "config/crd/standard/gateway*.yaml"
files gateway-api sigs.k8s.io/gateway-api@$gateway_api "config/crd/standard/gateway*.yaml"
