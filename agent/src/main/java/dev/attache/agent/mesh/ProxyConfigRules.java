package dev.attache.agent.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold of a {@link ProxyConfig}, as Istio's agent checks it before it starts. */
final class ProxyConfigRules {

    private static final long SMALLEST_WINDOW = 65535;

    private final List<String> errors = new ArrayList<>();

    private ProxyConfigRules() {}

    /**
     * Checks all.
     *
     * @param place where it stands, before errors
     * @throws IllegalArgumentException with everything that is wrong
     */
    static void check(ProxyConfig config, String place) {
        ProxyConfigRules rules = new ProxyConfigRules();
        rules.all(config);
        if (!rules.errors.isEmpty()) {
            throw new IllegalArgumentException(place + String.join("; ", rules.errors));
        }
    }

    private void all(ProxyConfig config) {
        wanted(config.configPath(), "configPath: config path must be set");
        wanted(config.binaryPath(), "binaryPath: binary path must be set");
        if (!config.tree().containsKey("tracingServiceName")) {
            wanted(
                    config.text("serviceCluster"),
                    "serviceCluster: service cluster must be specified");
        }
        drain(config.drainDuration());
        wanted(
                config.discoveryAddress(),
                "discoveryAddress: discovery address must be set to the proxy discovery service");
        address("discoveryAddress", config.discoveryAddress());
        address("statsdUdpAddress", config.text("statsdUdpAddress"));
        address("envoyMetricsServiceAddress", config.text("envoyMetricsServiceAddress"));
        for (String service : List.of("envoyMetricsService", "envoyAccessLogService")) {
            Map<String, Object> remote = config.message(service);
            address(service + ".address", text(remote, "address"));
        }
        port("proxyAdminPort", config.proxyAdminPort());
        port("statusPort", config.statusPort());
        Object policy = config.tree().getOrDefault("controlPlaneAuthPolicy", "NONE");
        if (!policy.equals("NONE") && !policy.equals("MUTUAL_TLS")) {
            errors.add("controlPlaneAuthPolicy: take NONE or MUTUAL_TLS");
        }
        tracing(config.message("tracing"));
        keys(config.message("privateKeyProvider"));
        connections(config.message("connectionSettings"));
    }

    private void connections(@Nullable Map<String, Object> settings) {
        if (settings == null) {
            return;
        }
        settings.forEach((field, value) -> {
            String place = "connectionSettings." + field + ": ";
            if (value instanceof String text && text.startsWith("-")) {
                errors.add(place + "must be non-negative");
            } else if (value instanceof Long number) {
                least(place, number, leastOf(field));
            }
        });
    }

    private static long leastOf(String field) {
        return field.endsWith("WindowSize")
                ? SMALLEST_WINDOW
                : field.endsWith("BufferLimitBytes") ? 0 : 1;
    }

    private void least(String place, long number, long least) {
        if (number < least) {
            errors.add(
                    place
                            + (least == 0
                                    ? "must be non-negative"
                                    : least == 1 ? "must be positive" : "must be at least 65535"));
        }
    }

    private void drain(Duration drain) {
        if (drain.compareTo(Duration.ofMillis(1)) < 0) {
            errors.add("drainDuration: duration must be greater than 1ms");
        } else if (drain.getNano() != 0) {
            errors.add("drainDuration: drain time only supports durations to seconds precision");
        }
    }

    private void tracing(@Nullable Map<String, Object> tracing) {
        if (tracing == null) {
            return;
        }
        for (String kind : List.of("zipkin", "lightstep", "datadog")) {
            Map<String, Object> tracer = ProxyConfig.message(tracing, kind);
            if (tracer != null) {
                String address = text(tracer, "address");
                String place = "tracing." + kind + ".address";
                wanted(address, place + ": address is required");
                address(place, address.replace("$(HOST_IP)", "127.0.0.1"));
            }
            if (tracer != null && kind.equals("lightstep")) {
                wanted(text(tracer, "accessToken"), "tracing.lightstep.accessToken is required");
            }
        }
        tls(ProxyConfig.message(tracing, "tlsSettings"));
    }

    private void tls(@Nullable Map<String, Object> tls) {
        if (tls == null) {
            return;
        }
        String mode = text(tls, "mode");
        boolean simple = mode.equals("SIMPLE");
        boolean mutual = mode.equals("MUTUAL");
        String place = "tracing.tlsSettings: ";
        boolean named = !text(tls, "credentialName").isEmpty();
        boolean roots = !text(tls, "caCertificates").isEmpty();
        if (Boolean.TRUE.equals(tls.get("insecureSkipVerify")) && (simple || mutual)) {
            boolean names = tls.containsKey("subjectAltNames");
            if (roots || names || (simple && named)) {
                errors.add(place + "insecureSkipVerify leaves no place for roots and names");
            }
        }
        if ((simple || mutual) && named) {
            boolean files =
                    roots
                            || !text(tls, "clientCertificate").isEmpty()
                            || !text(tls, "privateKey").isEmpty()
                            || !text(tls, "caCrl").isEmpty();
            if (files) {
                errors.add(place + "give credentialName, or certificates, not both");
            }
        } else if (mutual) {
            wanted(
                    text(tls, "clientCertificate"),
                    place + "client certificate required for mutual tls");
            wanted(text(tls, "privateKey"), place + "private key required for mutual tls");
        }
    }

    private void keys(@Nullable Map<String, Object> provider) {
        if (provider == null) {
            return;
        }
        Map<String, Object> one = ProxyConfig.message(provider, "cryptomb");
        one = one == null ? ProxyConfig.message(provider, "qat") : one;
        if (one == null) {
            errors.add("privateKeyProvider: name cryptomb or qat");
        } else if (text(one, "pollDelay").isEmpty() || text(one, "pollDelay").equals("0s")) {
            errors.add("privateKeyProvider: pollDelay must be non zero");
        }
    }

    private void wanted(String value, String error) {
        if (value.isEmpty()) {
            errors.add(error);
        }
    }

    private void port(String field, int port) {
        if (port < 1 || port > 65535) {
            errors.add(field + ": port number " + port + " must be in the range 1..65535");
        }
    }

    private void address(String field, String address) {
        if (address.isEmpty()) {
            return;
        }
        try {
            HostPort parsed = HostPort.parse(address);
            port(field, parsed.number());
            String host = parsed.host();
            if (!HostNames.isHost(host)) {
                errors.add(field + ": \"" + host + "\" is not a valid hostname or an IP address");
            }
        } catch (IllegalArgumentException e) {
            errors.add(field + ": " + e.getMessage());
        }
    }

    private static String text(@Nullable Map<String, Object> message, String field) {
        return message != null && message.get(field) instanceof String text ? text : "";
    }
}
