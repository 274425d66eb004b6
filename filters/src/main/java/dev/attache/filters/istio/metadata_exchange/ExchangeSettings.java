package dev.attache.filters.istio.metadata_exchange;

import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One configuration. Immutable.
 *
 * @param downstream on accepted connections; else on those of a cluster
 * @param protocol on which TLS must have agreed, octets
 * @param preamble what this end sends first
 * @param labels more labels that are read of peers
 * @param workloads where peers are looked up that do not say who they are, or null
 */
record ExchangeSettings(
        boolean downstream,
        String protocol,
        Preamble preamble,
        Set<String> labels,
        @Nullable SharedSlot<WorkloadDirectory> workloads) {
    ExchangeSettings {
        labels = Set.copyOf(labels);
    }
}
