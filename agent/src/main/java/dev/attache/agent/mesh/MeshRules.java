package dev.attache.agent.mesh;

import dev.attache.agent.environment.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a mesh file, beside its ProxyConfig, before Istio's agent takes it. Rules of
 * fields that matter to the control plane only, as weights of localities, are left to it.
 */
final class MeshRules {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private MeshRules() {}

    /**
     * Checks what is given.
     *
     * @param place where it stands, for errors
     * @throws IllegalArgumentException with everything that is wrong
     */
    static void check(Map<String, Object> mesh, String place) {
        List<String> errors = new ArrayList<>();
        if (mesh.get("proxyListenPort") instanceof Long port && (port < 1 || port > 65535)) {
            errors.add("proxyListenPort: port number " + port + " must be in the range 1..65535");
        }
        if (mesh.get("connectTimeout") instanceof String text) {
            Duration timeout = GoDuration.parse(text);
            if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
                errors.add("connectTimeout: " + text + " must be from 1ms to 1h");
            } else if (timeout.getNano() % 1_000_000 != 0) {
                errors.add("connectTimeout: only durations to ms precision are supported");
            }
        }
        if (mesh.get("protocolDetectionTimeout") instanceof String text
                && GoDuration.parse(text).getNano() % 1_000_000 != 0) {
            errors.add("protocolDetectionTimeout: only durations to ms precision are supported");
        }
        domain("trustDomain", mesh.get("trustDomain"), errors);
        if (mesh.get("trustDomainAliases") instanceof List<?> aliases) {
            aliases.forEach(alias -> domain("trustDomainAliases", alias, errors));
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(place + ": " + String.join("; ", errors));
        }
    }

    private static void domain(String field, @Nullable Object value, List<String> errors) {
        if (value instanceof String domain && !HostNames.isDomain(domain)) {
            errors.add(field + ": \"" + domain + "\" is not a valid trust domain");
        }
    }
}
