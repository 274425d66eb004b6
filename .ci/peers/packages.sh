#!/usr/bin/env bash
# Programs of the distribution: load generators, other proxies, interception tools.
source "$(dirname "$0")/lib.sh"
wanted=(haproxy:haproxy nginx:nginx wrk:wrk h2load:nghttp2-client iptables:iptables nft:nftables ip:iproute2
    varnishtest:varnish prometheus:prometheus slowhttptest:slowhttptest curl:curl go:golang pip:python3-pip
    debootstrap:debootstrap rpm:rpm rpmlint:rpmlint lintian:lintian systemd-nspawn:systemd-container mandoc:mandoc
    chromium:chromium chromedriver:chromium-driver)
missing=()
PATH="$PATH:/usr/sbin:/sbin:/usr/local/go/bin"
for entry in "${wanted[@]}"; do
    command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
done
[ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || missing+=(libnginx-mod-stream)
[ ${#missing[@]} -eq 0 ] && { echo "packages: all there"; exit 0; }
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo -n"
command -v apt-get >/dev/null || { echo "packages: cannot install ${missing[*]}: no apt-get" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    { $sudo apt-get update -q >/dev/null && $sudo apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null; }
echo "packages: installed ${missing[*]}"
# The servers are started by the tests on ports of their own; the distribution's copies would be in the way.
for service in nginx haproxy varnish prometheus; do
    if printf '%s\n' "${missing[@]}" | grep -qx "$service" && command -v service >/dev/null; then
        $sudo service "$service" stop >/dev/null 2>&1 || echo "packages: $service was not running"
    fi
done
