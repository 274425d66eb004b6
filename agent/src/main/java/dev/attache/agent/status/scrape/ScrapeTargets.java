package dev.attache.agent.status.scrape;

import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the application's metrics are: {@code ISTIO_PROMETHEUS_ANNOTATIONS}, which the injector
 * fills. Immutable.
 */
public record ScrapeTargets(List<Target> targets) {

    private static final String VARIABLE = "ISTIO_PROMETHEUS_ANNOTATIONS";
    private static final String INVALID = "invalid prometheus scrape configuration: ";

    /** Ports of the mesh itself. */
    private static final Map<Integer, String> RESERVED =
            Map.of(
                    15000, "Envoy admin",
                    15001, "outbound traffic capture",
                    15004, "pilot debug",
                    15006, "inbound traffic capture",
                    15008, "HBONE tunnel",
                    15020, "pilot-agent status / merged Prometheus",
                    15021, "Envoy health",
                    15053, "DNS proxy",
                    15090, "Envoy Prometheus (already merged)");

    /** One of them. */
    public record Target(int port, String path) {}

    public ScrapeTargets {
        targets = List.copyOf(targets);
    }

    /** None at all. */
    public static ScrapeTargets none() {
        return new ScrapeTargets(List.of());
    }

    /**
     * Reads the variable.
     *
     * @param statusPort of the agent, which is not scraped
     * @throws IllegalArgumentException naming what is wrong
     */
    public static ScrapeTargets parse(String json, int statusPort) {
        Map<?, ?> config;
        try {
            config = (Map<?, ?>) Json.parse(json);
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "failed to unmarshal " + VARIABLE + ": " + e.getMessage(), e);
        }
        if ("false".equals(config.get("scrape"))) {
            return none();
        }
        List<Target> targets = new ArrayList<>();
        if (config.get("targets") instanceof List<?> list && !list.isEmpty()) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> target) {
                    targets.add(target(text(target, "port", ""), target, statusPort));
                }
            }
        } else {
            String port = text(config, "port", "80");
            if (port.equals(Integer.toString(statusPort))) {
                throw new IllegalArgumentException(
                        INVALID
                                + "application port is the same as agent port, which may lead to a"
                                + " recursive loop. Ensure pod does not have prometheus.io/port="
                                + statusPort
                                + " label, or that injection is not happening multiple times");
            }
            targets.add(target(port, config, statusPort));
        }
        return new ScrapeTargets(targets);
    }

    private static Target target(String port, Map<?, ?> from, int statusPort) {
        int number = number(port);
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException(INVALID + "invalid target port " + Json.quote(port));
        }
        if (number == statusPort) {
            throw new IllegalArgumentException(
                    INVALID
                            + "target port "
                            + port
                            + " is the same as agent port, which may lead to a recursive loop");
        }
        String reserved = RESERVED.get(number);
        if (reserved != null) {
            throw new IllegalArgumentException(
                    INVALID
                            + "target port "
                            + port
                            + " is reserved for Istio ("
                            + reserved
                            + ") and cannot be scraped");
        }
        return new Target(number, text(from, "path", "/metrics"));
    }

    private static int number(String port) {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String text(Map<?, ?> from, String name, String otherwise) {
        @Nullable Object value = from.get(name);
        return value instanceof String text && !text.isEmpty() ? text : otherwise;
    }
}
