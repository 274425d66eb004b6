package dev.attache.iptables.command;

import dev.attache.iptables.apply.ApplyException;
import dev.attache.iptables.apply.LoopbackRoutes;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.log.Log;

/** Takes back an installation whose last step failed. Used once, by one thread. */
final class Removal {
    private final CaptureConfig config;
    private final Host host;
    private final Programs programs;
    private final Log log;

    Removal(CaptureConfig config, Host host, Programs programs, Log log) {
        this.config = config;
        this.host = host;
        this.programs = programs;
        this.log = log;
    }

    void removeAll() throws ApplyException {
        new LoopbackRoutes(config, programs, log).remove();
    }
}
