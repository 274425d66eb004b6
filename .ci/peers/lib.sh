# Sourced by the installers beside it. Each installs one peer into $ATTACHE_PEERS, does nothing where it is
# already there, and ends with a message and a non-zero code where it cannot.
set -euo pipefail
PEERS="${ATTACHE_PEERS:-/opt/peers}"
mkdir -p "$PEERS"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

have() { [ -x "$PEERS/$1" ] && { echo "peer $1: already in $PEERS"; return 0; }; return 1; }
need() { command -v "$1" >/dev/null || { echo "peer needs $1, which is not installed: $2" >&2; exit 1; }; }

# go_build NAME PACKAGE MODULE@VERSION… : builds a main package of a public Go module, off to the side.
go_build() {
    local name="$1" package="$2" dir
    shift 2
    need go "install Go 1.25 or newer"
    dir="$(mktemp -d)"
    (
        cd "$dir"
        export GOFLAGS=-mod=mod CGO_ENABLED="${CGO_ENABLED:-0}" GOTOOLCHAIN="${GOTOOLCHAIN:-auto}"
        go mod init "attache.dev/peers/$name" 2>/dev/null || exit 1
        for module in "$@"; do go mod edit -require "$module" || exit 1; done
        nice go build ${GO_TAGS:+-tags "$GO_TAGS"} -ldflags "-s -w ${GO_LDFLAGS:-}" -o "$dir/out" "$package"
    ) && install -m755 "$dir/out" "$PEERS/$name" || { rm -rf "$dir"; return 1; }
    rm -rf "$dir"
    echo "peer $name: built from $*"
}
