#!/bin/bash
# What the image starts, also by the names envoy, pilot-agent and attache: with Envoy's arguments as Envoy's image does
# (-c FILE …, loglevel, ENVOY_UID and ENVOY_GID), with those of Istio's agent as Istio's (proxy, istio-iptables, wait,
# request …). Another command is run as it is.
set -e

# A pod's root is read-only and has no /tmp: what the JVM unpacks goes to a volume that Istio's pods have.
if [ ! -w /tmp ]; then
    for volume in /etc/istio/proxy /var/lib/istio/data /var/lib/attache /dev/shm; do
        if [ -w "$volume" ]; then
            export ATTACHE_JAVA_OPTIONS="-Djava.io.tmpdir=$volume ${ATTACHE_JAVA_OPTIONS:-}" TMPDIR="$volume"
            break
        fi
    done
fi

case "${0##*/}" in
    docker-entrypoint.sh) ;;
    *) set -- "${0##*/}" "$@" ;;
esac
case "${1:-}" in
    -*) set -- envoy "$@" ;;
    proxy | istio-iptables | istio-clean-iptables | wait | request | version | status) set -- pilot-agent "$@" ;;
esac
attache=/usr/lib/attache/attache
case "${1##*/}" in
    envoy)
        shift
        [ -z "${loglevel:-}" ] || [ "${0##*/}" = envoy ] || set -- "$@" --log-level "$loglevel"
        # As root Envoy's image becomes the user envoy, or who is named; ENVOY_UID=0 stays root.
        if [ "$EUID" = 0 ] && [ "${ENVOY_UID:-}" != 0 ] && [ "${0##*/}" != envoy ]; then
            user="${ENVOY_UID:-101}" group="${ENVOY_GID:-101}"
            chown "$user:$group" /dev/stdout /dev/stderr 2>/dev/null || true
            exec setpriv --reuid="$user" --regid="$group" --clear-groups "$attache" "$@"
        fi
        exec "$attache" "$@"
        ;;
    pilot-agent) shift && exec "$attache" agent "$@" ;;
    attache) shift && exec "$attache" "$@" ;;
    '') exec "$attache" --help ;;
    *) exec "$@" ;;
esac
