# What systemd is told, where it runs.
units="attache.service attache-agent.service"
running() { [ -d /run/systemd/system ]; }
reload_units() { ! running || systemctl daemon-reload || true; }
renew_units() { # the running ones go over to the new version
    running || return 0
    for unit in $units; do
        if systemctl --quiet is-active "$unit"; then
            case "$unit" in
                # It is ready when the control plane has answered, for which no upgrade waits.
                attache-agent.service) systemctl --no-block restart "$unit" || true ;;
                *) systemctl reload-or-restart "$unit" || true ;;
            esac
        fi
    done
}
leave_mesh() { # a machine whose traffic is redirected to a proxy that goes away would be cut off
    [ ! -e /var/lib/attache/onboard/journal.json ] || /usr/lib/attache/attache leave || true
}
end_units() {
    running || return 0
    for unit in $units; do
        systemctl --quiet disable --now "$unit" || true
    done
}
