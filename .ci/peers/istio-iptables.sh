#!/bin/sh
# Builds the real istio-iptables from its Go module, for the conformance tests.
# usage: istio-iptables.sh [target directory]     (default: $ATTACHE_PEERS or /opt/peers)
set -eu
target=${1:-${ATTACHE_PEERS:-/opt/peers}}
cd "$(dirname "$0")/istio-iptables"
mkdir -p "$target"
CGO_ENABLED=0 go build -trimpath -o "$target/istio-iptables" .
echo "built $target/istio-iptables"
