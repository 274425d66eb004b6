# Sourced by run: checks and their count, the roots that packages are installed into, and the machine that systemd boots in one
# of them. Wants `work`, a directory on a tmpfs.
megabyte=1000000
failures=0
container=''
init=''

# What has failed before has failed.
passed_over() {
    [ "$failures" = 0 ] || { echo "packages: $failures checks failed; then passed over: $*"; exit 1; }
    echo "packages: passed over: $*"
    exit 77
}

check() { # NAME COMMAND…
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "ok      $name${said:+: $(tail -1 <<<"$said")}"
    else
        echo "FAILED  $name"
        tail -20 <<<"$said"
        failures=$((failures + 1))
    fi
}

within() { # SECONDS COMMAND… : until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { "$@"; return 1; }
        sleep 0.2
    done
}

smaller() { # FILE MEGABYTES
    local size
    size=$(stat -c %s "$1")
    echo "$((size / 100000 / 10)).$((size / 100000 % 10)) MB"
    [ "$size" -le $(($2 * megabyte)) ]
}

# bare_root DIRECTORY : a Debian without anything of ours, made once.
bare_root() {
    [ ! -e "$1/.complete" ] || return 0
    rm -rf "$1"
    mkdir -p "$1"
    debootstrap --variant=minbase \
        --include=systemd,systemd-sysv,dbus,iproute2,iptables,curl,logrotate bookworm "$1" >"$work/debootstrap.log" 2>&1 ||
        passed_over "debootstrap: $(tail -1 "$work/debootstrap.log")"
    touch "$1/.complete"
}

over() { # NAME DIRECTORY : a root of that name below $work, which the directory is under
    mkdir -p "$work/$1" "$work/$1-upper" "$work/$1-work"
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$work/$1-upper,workdir=$work/$1-work" "$work/$1"
}

# What a package may leave behind is in nobody's list: all paths, but those that apt, dpkg, rpm and systemd write about themselves.
paths() {
    find "$1" -xdev \( -path "$1/proc" -o -path "$1/sys" -o -path "$1/run" -o -path "$1/dev" -o -path "$1/tmp" \
        -o -path "$1/var/lib/dpkg" -o -path "$1/var/lib/rpm" -o -path "$1/var/log/journal" -o -path "$1/var/tmp" \
        -o -path "$1/var/cache" -o -path "$1/var/lib/apt" -o -path "$1/var/lib/systemd" -o -path "$1/var/lib/logrotate" \) -prune -o -print |
        grep -vE '/var/log/(dpkg|alternatives|lastlog|faillog|wtmp|btmp)|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|/etc/\.|/etc/(machine-id|resolv.conf)' | sort
}

accounts() { cat "$1/etc/passwd" "$1/etc/group" | sort; }

remember() { # ROOT
    paths "$1" >"$work/before"
    accounts "$1" >"$work/accounts-before"
}

gone() { # ROOT : the same paths and accounts as when it was remembered
    diff "$work/before" <(paths "$1") && diff "$work/accounts-before" <(accounts "$1")
}

# own_group : this process and what it starts are in control groups of their own: systemd in a container takes those below
# for its services, and two containers must not share them.
own_group() {
    local hierarchy
    for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
        [ ! -d "$hierarchy" ] || { mkdir -p "$hierarchy/attache-packages-$$" && echo "$BASHPID" >"$hierarchy/attache-packages-$$/cgroup.procs"; }
    done
}

# boot ROOT : systemd runs in it, without a network; `init` is its process.
boot() {
    (own_group; exec systemd-nspawn --quiet --boot --directory="$1" --private-network --register=no --keep-unit \
        --capability=CAP_NET_ADMIN,CAP_BPF,CAP_NET_RAW --machine="attache-packages-$$") >"$work/boot.log" 2>&1 </dev/null &
    container=$!
    for _ in $(seq 150); do
        init=$(pgrep -P "$container" | head -1)
        [ -z "$init" ] || ! nsenter -t "$init" -m -p systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' || return 0
        sleep 0.2
    done
    cat "$work/boot.log"
    passed_over "systemd does not boot in a container here"
}

inside() { nsenter -t "$init" -m -u -i -n -p -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }

end_house() {
    [ -z "$container" ] || { kill -TERM "$container" 2>/dev/null; wait "$container" 2>/dev/null; }
    find /sys/fs/cgroup/*/attache-packages-$$ -depth -type d -exec rmdir {} + 2>/dev/null
    # What is left of processes holds it a moment longer.
    for _ in $(seq 50); do
        umount -R "$work" 2>/dev/null && break
        sleep 0.1
    done
    mountpoint -q "$work" && umount -R -l "$work"
    rmdir "$work"
}
