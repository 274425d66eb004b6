#!/usr/bin/env bash
# The bottom layer of the image, as a directory: the files of Debian packages that a JVM, the launcher and interception
# need (src/main/system). The packages come by apt-get, which checks Debian's signatures; nothing is installed and root is
# not needed. What is the same files gives the same directory, times aside, which the image does not have.
#
#   usage: system.sh DIRECTORY PACKAGES [BASE]
#     DIRECTORY  is made anew
#     PACKAGES   where packages are kept: those that are there are not fetched again; remove it for newer ones
#     BASE       the name of a base image, which has what is needed: then nothing is done
#
# exit codes: 0 it is there; 77 this is no Debian, or its mirror cannot be reached (then a base image can be named); 1 otherwise
set -euo pipefail
here="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
root="${1:?usage: system.sh DIRECTORY PACKAGES}" kept="${2:?usage: system.sh DIRECTORY PACKAGES}"
lists="$here/src/main/system"
[ -z "${3:-}" ] || exit 0

cannot() { echo "system: $*; name a base image instead: -Dimage.base=…" >&2; exit 77; }
for program in apt-get dpkg-deb tar; do command -v "$program" >/dev/null || cannot "no $program"; done
[ "$(dpkg --print-architecture)" = amd64 ] || cannot "this is $(dpkg --print-architecture), the image is amd64"

mapfile -t packages < <(sed 's/ *#.*//; /^$/d' "$lists/packages.txt")
mkdir -p "$kept"
missing=()
for package in "${packages[@]}"; do
    compgen -G "$kept/${package}_*.deb" >/dev/null || missing+=("$package")
done
# As root apt-get complains that its own user cannot write here, and goes on.
[ "${#missing[@]}" = 0 ] || (cd "$kept" && apt-get download -q "${missing[@]}" >download.log 2>&1) ||
    cannot "$(grep -m 1 '^E:' "$kept/download.log" || echo 'apt-get download failed')"

rm -rf "$root" "$root.all"
mkdir -p "$root/var/lib/dpkg" "$root.all"/usr/{bin,sbin,lib,lib64}
for link in bin sbin lib lib64; do ln -s "usr/$link" "$root.all/$link"; done
: >"$root/var/lib/dpkg/status"
for package in "${packages[@]}"; do
    files=("$kept/${package}"_*.deb)
    [ "${#files[@]}" = 1 ] || { echo "system: more than one version of $package in $kept" >&2; exit 1; }
    dpkg-deb --fsys-tarfile "${files[0]}" | tar -x -C "$root.all" --keep-directory-symlink --no-same-owner
    # Scanners of images look here for what is installed.
    { dpkg-deb -f "${files[0]}" Package Version Architecture Source Maintainer Description |
        sed '1a Status: install ok installed' && echo; } >>"$root/var/lib/dpkg/status"
done

mapfile -t patterns < <(sed '/^[#!]/d; /^$/d' "$lists/files.txt")
mapfile -t left_out < <(sed -n 's/^!//p' "$lists/files.txt")
# among FILE PATTERN… : whether it is of one of them.
among() {
    local file="$1" pattern
    shift
    # shellcheck disable=SC2053 # a pattern is meant
    for pattern in "$@"; do [[ "$file" != $pattern ]] || return 0; done
    return 1
}
(cd "$root.all" && find . ! -type d -printf '%P\n') | LC_ALL=C sort | while read -r file; do
    ! among "$file" "${patterns[@]}" || among "$file" "${left_out[@]}" || echo "$file"
done >"$root.files"
tar -c -C "$root.all" -T "$root.files" | tar -x -C "$root" --no-same-owner
LC_ALL=C find "$root.all/usr/share/ca-certificates" -name '*.crt' | LC_ALL=C sort | xargs cat >"$root.roots"
install -D -m 644 "$root.roots" "$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root.all" "$root.files" "$root.roots"

for link in bin sbin lib lib64; do ln -s "usr/$link" "$root/$link"; done
# As Debian's alternatives are: by nftables.
for name in iptables ip6tables; do
    for part in '' -save -restore; do ln -s "$name-nft$part" "$root/usr/sbin/$name$part"; done
done
mkdir -p "$root"/{dev,etc,proc,run,sys,tmp,root,home} "$root"/usr/{bin,local/bin} "$root/var/tmp"
ln -s ../run "$root/var/run"
# The launcher's shell is bash; the rest is busybox, by the names that are not taken.
for applet in $("$root/usr/bin/busybox" --list); do
    [ -e "$root/usr/sbin/$applet" ] || [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done
cat >"$root/etc/passwd" <<'TEXT'
root:x:0:0:root:/root:/bin/bash
envoy:x:101:101:envoy:/home:/bin/false
istio-proxy:x:1337:1337:attache:/var/lib/attache:/bin/false
nobody:x:65534:65534:nobody:/nonexistent:/bin/false
TEXT
printf '%s\n' root:x:0: envoy:x:101: istio-proxy:x:1337: nogroup:x:65534: >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
find "$root" -type d -exec chmod 755 {} +
chmod 1777 "$root/tmp" "$root/var/tmp"
