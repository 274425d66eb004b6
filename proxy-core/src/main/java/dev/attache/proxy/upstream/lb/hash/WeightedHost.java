package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.Host;
import java.util.List;

/**
 * A host and its share of the table.
 *
 * @param share of 1, over all hosts of the table
 */
public record WeightedHost(Host host, double share) {

    private static final List<String> HASH_KEY = List.of("hash_key");

    /** What stands for the host: {@code envoy.lb} {@code hash_key}, its name, or its address. */
    String key(boolean useHostname) {
        if (host.metadata().get("envoy.lb", HASH_KEY) instanceof MetadataValue.Text text
                && !text.value().isEmpty()) {
            return text.value();
        }
        return useHostname && !host.hostname().isEmpty()
                ? host.hostname()
                : host.address().toString();
    }
}
