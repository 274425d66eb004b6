remove_caches() { # those that were trained here
    rm -f /usr/lib/attache/*.aot /usr/lib/attache/*-training.log /usr/lib/attache/trained
    rm -rf /usr/lib/attache/.training.*
    rmdir /usr/lib/attache 2>/dev/null || true
}
remove_traces() {
    rm -rf /var/lib/attache /var/log/attache /run/attache /etc/attache/.made
    rm -rf /etc/systemd/system/attache.service.d /etc/systemd/system/attache-agent.service.d
    rmdir /etc/attache 2>/dev/null || true
}
