# Users of the proxy and of the agent; what was made here is noted, and goes with the package.
# Where the proxy cannot write: root removes what it names.
made=/etc/attache/.made
make_group() { # NAME [OPTIONS…]
    getent group "$1" >/dev/null && return
    name=$1
    shift
    groupadd --system "$@" "$name"
    echo "group $name" >>"$made"
}
make_user() { # NAME HOME [OPTIONS…]
    getent passwd "$1" >/dev/null && return
    name=$1 home=$2
    shift 2
    useradd --system --gid "$name" --home-dir "$home" --no-create-home --shell /usr/sbin/nologin "$@" "$name"
    echo "user $name" >>"$made"
}
make_users() {
    make_group attache
    make_user attache /var/lib/attache
    # 1337 is what redirection leaves alone unless it is told another; somebody else may have it.
    if getent passwd 1337 >/dev/null || getent group 1337 >/dev/null; then
        make_group istio-proxy
        make_user istio-proxy /var/lib/istio
    else
        make_group istio-proxy --gid 1337
        make_user istio-proxy /var/lib/istio --uid 1337
    fi
    install -d -m 0750 -o attache -g attache /var/log/attache
    install -d -m 0755 /var/lib/attache
    chown root:attache /etc/attache
    chmod 0750 /etc/attache
}
remove_users() {
    [ -r "$made" ] || return 0
    grep '^user ' "$made" | while read -r kind name; do
        userdel "$name" || true
    done
    grep '^group ' "$made" | while read -r kind name; do
        ! getent group "$name" >/dev/null || groupdel "$name" || true
    done
}
