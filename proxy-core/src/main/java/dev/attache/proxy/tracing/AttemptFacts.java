package dev.attache.proxy.tracing;

import dev.attache.proxy.stream.UpstreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * What the span of an attempt, or of a call, says.
 *
 * @param upstream the host and connection as far as it came
 * @param cluster its name, or null where there was none
 * @param clusterAlias {@code alt_stat_name}, or its name
 * @param status of the response; 0 = there was none
 * @param flags Envoy's response flags, {@code -} where there are none
 * @param protocol what the request was sent in
 */
public record AttemptFacts(
        UpstreamInfo upstream,
        @Nullable String cluster,
        @Nullable String clusterAlias,
        int status,
        String flags,
        String protocol) {}
