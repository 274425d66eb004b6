#!/usr/bin/env bash
# A control plane on go-control-plane: see gcp/main.go.
source "$(dirname "$0")/lib.sh"
have go-control-plane && exit 0
need go "install Go 1.25 or newer"
(cd "$here/gcp" && CGO_ENABLED=0 nice go build -mod=mod -ldflags '-s -w' -o "$PEERS/go-control-plane" .)
echo "peer go-control-plane: built"
