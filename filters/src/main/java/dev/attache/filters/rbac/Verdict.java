package dev.attache.filters.rbac;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a policy that was met, or of none; made with the configuration. Immutable, any
 * thread.
 *
 * @param policy its name, empty where none was met
 * @param logHint {@code access_log_hint} of {@code envoy.common}; null = not set
 * @param details of a request or connection that is turned away, as octets
 * @param prefix of the keys of what is told, {@code rules_stat_prefix} or {@code
 *     shadow_rules_stat_prefix}
 * @param told what others may read of it in the filter's dynamic metadata
 */
public record Verdict(
        Mode mode,
        String policy,
        boolean allowed,
        @Nullable Boolean logHint,
        String details,
        String prefix,
        MetadataValue.Struct told) {

    private static final MetadataValue ALLOWED = new MetadataValue.Text("allowed");
    private static final MetadataValue DENIED = new MetadataValue.Text("denied");

    private static final MetadataValue.Struct LOG = hint(true);
    private static final MetadataValue.Struct NO_LOG = hint(false);

    private static MetadataValue.Struct hint(boolean log) {
        return new MetadataValue.Struct(Map.of("access_log_hint", new MetadataValue.Bool(log)));
    }

    /** Whether verdicts are carried out, which goes into the names of what is told of them. */
    public enum Mode {
        ENFORCED("enforced_"),
        SHADOW("shadow_");

        private final String keys;

        Mode(String keys) {
            this.keys = keys;
        }
    }

    static Verdict of(
            Mode mode, String prefix, String policy, boolean allowed, @Nullable Boolean logHint) {
        return new Verdict(
                mode,
                policy,
                allowed,
                mode == Mode.ENFORCED ? logHint : null,
                "rbac_access_denied_matched_policy[%s]"
                        .formatted(policy.isEmpty() ? "none" : withoutBlanks(Octets.of(policy))),
                prefix,
                told(prefix + mode.keys, policy, allowed));
    }

    private static MetadataValue.Struct told(String keys, String policy, boolean allowed) {
        Map<String, MetadataValue> told = new HashMap<>();
        if (!policy.isEmpty()) {
            told.put(keys + "effective_policy_id", new MetadataValue.Text(policy));
        }
        told.put(keys + "engine_result", allowed ? ALLOWED : DENIED);
        return new MetadataValue.Struct(told);
    }

    /**
     * What is told of it where the filter has a prefix, which counts unless there is one of its
     * own, as a route's.
     */
    public MetadataValue.Struct told(String prefixOfFilter) {
        return prefix.isEmpty() && !prefixOfFilter.isEmpty()
                ? told(prefixOfFilter + mode.keys, policy, allowed)
                : told;
    }

    /** Sets {@code access_log_hint}, if there is something to say. */
    public void hint(DynamicMetadata metadata) {
        if (logHint != null) {
            metadata.merge("envoy.common", logHint ? LOG : NO_LOG);
        }
    }

    /** So that it remains one word of a log. */
    private static String withoutBlanks(String name) {
        StringBuilder word = new StringBuilder(name);
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                word.setCharAt(i, '_');
            }
        }
        return word.toString();
    }
}
