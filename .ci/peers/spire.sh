#!/usr/bin/env bash
# SPIRE's server and agent, for the tests of identities that do not come from istiod. Not among all.sh: where nothing is
# cached it takes an hour of a slow machine. The tests say when it has not run. SPIRE's SQL store wants cgo.
source "$(dirname "$0")/lib.sh"
PEERS="$PEERS/spire"
mkdir -p "$PEERS"
version=1.13.3
module=github.com/spiffe/spire
export GO_LDFLAGS="-X $module/pkg/common/version.gittag=$version"
have spire-agent || go_build spire-agent $module/cmd/spire-agent $module@v$version
have spire-server || CGO_ENABLED=1 go_build spire-server $module/cmd/spire-server $module@v$version
