#!/usr/bin/env bash
# Starts a container of an unpacked image in the network namespace where this runs, as Kubernetes' runtimes do: with a root
# of its own, a process table of its own, no more capabilities than are given, and volumes bound into it.
#
#   usage: container.sh IMAGE HOME WHAT [VOLUME…] -- ARGUMENT…
#     IMAGE     what unpack.py made
#     HOME      of the pod: volumes lie below it at their places, and its file hosts
#     WHAT      user:group[:read-only][:CAPABILITY…]
#     VOLUME    a place in the container
#     ARGUMENT  to the image's entrypoint, after the environment NAME=VALUE… of the file HOME/environment
#
# Needs root; the image's own setpriv takes it away.
set -euo pipefail
image="$1" home="$2"
IFS=: read -r user group rest <<<"$3"
shift 3
volumes=()
while [ "$1" != -- ]; do volumes+=("$1"); shift; done
shift

if [ -z "${INSIDE:-}" ]; then
    INSIDE=1 exec unshare --mount --pid --fork --kill-child "$0" "$image" "$home" "$user:$group:$rest" "${volumes[@]}" -- "$@"
fi

root="$image/root"
mount --make-rprivate /
mount --bind "$root" "$root"
for volume in "${volumes[@]}"; do
    # The runtime makes places that an image does not have.
    place="$(realpath --canonicalize-missing "$root$volume")"
    [[ "$place" == "$(realpath "$root")"/* ]] || { echo "container: a link of the image leads $volume out of it" >&2; exit 1; }
    mkdir -p "$place"
    mount --bind "$home$volume" "$place"
done
for file in /etc/resolv.conf "$home/hosts"; do
    place="$root/etc/$(basename "$file")"
    : >>"$place"
    mount --bind "$file" "$place"
done
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 dev "$root/dev"
mkdir "$root/dev/shm"
chmod 1777 "$root/dev/shm"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
case ":$rest:" in *:read-only:*) mount -o remount,bind,ro "$root" "$root" ;; esac

capabilities=-all
for each in ${rest//:/ }; do
    [ "$each" = read-only ] || capabilities+=",+$(tr '[:upper:]' '[:lower:]' <<<"$each")"
done
mapfile -d '' environment <"$image/environment"
mapfile -d '' entrypoint <"$image/entrypoint"
if [ -e "$home/environment" ]; then mapfile -d '' -O "${#environment[@]}" environment <"$home/environment"; fi
exec env -i "${environment[@]}" chroot "$root" /usr/bin/setpriv --reuid="$user" --regid="$group" --clear-groups \
    --no-new-privs --bounding-set="$capabilities" --inh-caps=-all -- "${entrypoint[@]}" "$@"
