package dev.attache.filters.istio.network_peer_metadata;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;

/** Where discovery is switched off: {@code istio.peer_metadata} in metadata. */
final class Discovery {
    static final String NAMESPACE = "istio.peer_metadata";
    static final List<String> DISABLED = List.of("disable_baggage_discovery");

    private Discovery() {}

    static boolean isDisabled(Metadata metadata) {
        return metadata.get(NAMESPACE, DISABLED) instanceof MetadataValue.Bool flag && flag.value();
    }
}
