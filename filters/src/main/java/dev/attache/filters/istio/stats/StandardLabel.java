package dev.attache.filters.istio.stats;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio's standard labels, in the order in which its filter puts them into a metric. */
enum StandardLabel {
    REPORTER,
    SOURCE_WORKLOAD,
    SOURCE_CANONICAL_SERVICE,
    SOURCE_CANONICAL_REVISION,
    SOURCE_WORKLOAD_NAMESPACE,
    SOURCE_PRINCIPAL,
    SOURCE_APP,
    SOURCE_VERSION,
    SOURCE_CLUSTER,
    DESTINATION_WORKLOAD,
    DESTINATION_WORKLOAD_NAMESPACE,
    DESTINATION_PRINCIPAL,
    DESTINATION_APP,
    DESTINATION_VERSION,
    DESTINATION_SERVICE,
    DESTINATION_CANONICAL_SERVICE,
    DESTINATION_CANONICAL_REVISION,
    DESTINATION_SERVICE_NAME,
    DESTINATION_SERVICE_NAMESPACE,
    DESTINATION_CLUSTER,
    REQUEST_PROTOCOL,
    RESPONSE_CODE,
    GRPC_RESPONSE_STATUS,
    RESPONSE_FLAGS,
    CONNECTION_SECURITY_POLICY;

    static final List<StandardLabel> ALL = List.of(values());

    private static final Map<String, StandardLabel> BY_NAME = new HashMap<>();

    static {
        for (StandardLabel label : ALL) {
            BY_NAME.put(label.text, label);
        }
    }

    private final String text = name().toLowerCase(Locale.ROOT);

    static @Nullable StandardLabel of(String name) {
        return BY_NAME.get(name);
    }

    String text() {
        return text;
    }

    /** Puts the label's value where it belongs among those of a stream. */
    void set(@Nullable String[] values, String value) {
        values[ordinal()] = value;
    }
}
