#!/usr/bin/env bash
# OpenBao, for the tests of identities that a Vault signs: its PKI engine and AppRole have the same HTTP interface. Not among
# all.sh: it takes ten minutes of a slow machine, and its source, which no proxy of Go modules serves. It comes from
# OPENBAO_SOURCE, a clone of https://github.com/openbao/openbao (bare will do) or a folder with the tag's files, else from
# there. Without the wrappers of clouds' key services, which only unsealing by them needs. The tests say when it has not run.
source "$(dirname "$0")/lib.sh"
PEERS="$PEERS/vault"
mkdir -p "$PEERS"
version=2.6.2
have bao && exit
need go "install Go 1.25.8 or newer"
need git "install git"
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
from="${OPENBAO_SOURCE:-https://github.com/openbao/openbao}"
if [ -f "$from/go.mod" ]; then
    cp -r "$from/." "$dir"
elif [ -d "$from" ]; then
    git -C "$from" archive "v$version" | tar -x -C "$dir"
else
    git clone -q --depth 1 --branch "v$version" "$from" "$dir" ||
        { echo "peer bao: no source from $from: name a clone of it by OPENBAO_SOURCE" >&2; exit 1; }
fi
clouds='alicloudkms\|awskms\|azurekeyvault\|gcpckms\|ocikms'
sed -i "/wrappers\/\($clouds\)\/v2\"/d; /^\t\($clouds\)\.Type:/d" "$dir/helper/kmsplugin/wrapper.go"
# Unsealing by hand takes an option of one of them for its logger.
sed -i '/wrappers\/awskms\/v2"/d; s/, awskms\.WithLogger(c\.logger\.Named("shamir")))/)/' "$dir/vault/core.go"
(
    cd "$dir"
    CGO_ENABLED=0 GOFLAGS="-buildvcs=false" nice go build \
        -ldflags "-s -w -X github.com/openbao/openbao/version.fullVersion=$version" -o "$dir/out" .
)
install -m755 "$dir/out" "$PEERS/bao"
echo "peer bao: built from $from v$version"
