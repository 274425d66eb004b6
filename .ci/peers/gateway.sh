#!/usr/bin/env bash
# Envoy Gateway, a control plane that starts the proxy itself and needs no Kubernetes: for examples/gateway. Not among
# all.sh: where nothing is cached it takes ten minutes of a processor. What wants it says when it has not run.
source "$(dirname "$0")/lib.sh"
PEERS="$PEERS/gateway"
mkdir -p "$PEERS"
version=v1.9.1
module=github.com/envoyproxy/gateway
export GO_LDFLAGS="-X $module/internal/cmd/version.envoyGatewayVersion=$version"
have envoy-gateway || go_build envoy-gateway $module/cmd/envoy-gateway $module@$version
