#!/usr/bin/env bash
# Istio's control plane, built as a Go module (istio.io/istio carries no v-tags, hence pseudo-versions).
# 1.29.6 is wanted; 1.30 and later need Kubernetes to start. Where a module mirror does not carry 1.29.6,
# 1.27.9 does the same for us, with the released istio.io/api and client-go next to the commits it names.
source "$(dirname "$0")/lib.sh"
have pilot-discovery && exit 0
export GO_TAGS=vtprotobuf,disable_pgv
package=istio.io/istio/pilot/cmd/pilot-discovery
go_build pilot-discovery $package istio.io/istio@v0.0.0-20260713140233-7019d6d3608e 2>/dev/null && exit 0
echo "istiod 1.29.6 is not to be had here, taking 1.27.9"
go_build pilot-discovery $package istio.io/istio@v0.0.0-20260403063052-b9159ca3e5d5 \
    istio.io/api@v1.28.0 istio.io/client-go@v1.28.0
