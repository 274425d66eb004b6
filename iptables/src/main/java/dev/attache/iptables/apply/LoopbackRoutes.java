package dev.attache.iptables.apply;

import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What rules alone cannot do: the address {@code ::6} on the loopback, from which the proxy speaks
 * to the application over IPv6, and, in TPROXY mode, the routing rule and table that bring marked
 * packets to the proxy. Idempotent both ways. Uses {@code ip} of iproute2. Used by one thread.
 */
public final class LoopbackRoutes {
    private final CaptureConfig config;
    private final Programs programs;
    private final Log log;

    public LoopbackRoutes(CaptureConfig config, Programs programs, Log log) {
        this.config = config;
        this.programs = programs;
        this.log = log;
    }

    /**
     * Adds what is missing.
     *
     * @throws ApplyException if {@code ip} is missing or refuses
     */
    public void install() throws ApplyException {
        if (config.ipv6()) {
            must(List.of("ip", "-6", "addr", "replace", "::6/128", "dev", "lo"));
            log.info("Added ::6 address on the loopback iface");
        }
        if (!needsRoutes()) {
            return;
        }
        for (String family : families()) {
            if (!ruleExists(family)) {
                must(rule(family, "add"));
            }
            must(route(family, "replace"));
        }
    }

    private boolean needsRoutes() {
        return config.inbound().tproxy() && config.inbound().asked();
    }

    private List<String> families() {
        return config.ipv6() ? List.of("-4", "-6") : List.of("-4");
    }

    private List<String> rule(String family, String verb) {
        return List.of(
                "ip",
                family,
                "rule",
                verb,
                "fwmark",
                config.inbound().mark(),
                "lookup",
                config.inbound().routeTable());
    }

    private List<String> route(String family, String verb) {
        return List.of(
                "ip",
                family,
                "route",
                verb,
                "local",
                "default",
                "dev",
                "lo",
                "table",
                config.inbound().routeTable());
    }

    private boolean ruleExists(String family) throws ApplyException {
        Programs.Answer answer = run(List.of("ip", family, "rule", "show"));
        String mark = "fwmark 0x" + Long.toHexString(Long.parseLong(config.inbound().mark()));
        String lookup = "lookup " + config.inbound().routeTable();
        for (String line : answer.out().split("\n", -1)) {
            if (line.contains(mark + " ") && line.strip().endsWith(lookup)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Removes what {@link #install} adds; what is not there is no error.
     *
     * @throws ApplyException if {@code ip} is missing although there was something to remove
     */
    public void remove() throws ApplyException {
        if (needsRoutes()) {
            for (String family : families()) {
                while (ruleExists(family) && run(rule(family, "del")).ok()) {
                    log.info("Removed a routing rule of family " + family);
                }
                run(route(family, "del"));
            }
        }
        if (config.ipv6()) {
            run(List.of("ip", "-6", "addr", "del", "::6/128", "dev", "lo"));
        }
    }

    /** The commands {@link #install} may run, for a dry run. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        if (config.ipv6()) {
            lines.add("ip -6 addr replace ::6/128 dev lo");
        }
        if (needsRoutes()) {
            for (String family : families()) {
                lines.add(String.join(" ", rule(family, "add")));
                lines.add(String.join(" ", route(family, "replace")));
            }
        }
        return lines;
    }

    private void must(List<String> command) throws ApplyException {
        Programs.Answer answer = run(command);
        if (!answer.ok()) {
            throw new ApplyException(
                    "failed to configure routes: "
                            + String.join(" ", command)
                            + ": "
                            + answer.complaint()
                            + "; check that IPv6 is enabled on lo and that you may change routes");
        }
    }

    private Programs.Answer run(List<String> command) throws ApplyException {
        try {
            return programs.run(command, "", Map.of());
        } catch (IOException e) {
            throw new ApplyException(
                    "failed to configure routes: the ip binary is missing; install iproute2");
        }
    }
}
