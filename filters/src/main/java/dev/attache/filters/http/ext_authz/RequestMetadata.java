package dev.attache.filters.http.ext_authz;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metadata of some filters, as a service is told of it. Pure. */
final class RequestMetadata {
    private RequestMetadata() {}

    /** What the request says, and the connection where that does not. */
    static Metadata of(List<String> namespaces, StreamInfo info) {
        if (namespaces.isEmpty()) {
            return Metadata.EMPTY;
        }
        return chosen(
                namespaces,
                info.dynamicMetadata().snapshot(),
                info.downstream().dynamicMetadata().snapshot());
    }

    static Metadata of(List<String> namespaces, @Nullable Route route) {
        return namespaces.isEmpty() || route == null
                ? Metadata.EMPTY
                : chosen(namespaces, route.spec().metadata(), Metadata.EMPTY);
    }

    private static Metadata chosen(List<String> namespaces, Metadata first, Metadata second) {
        Map<String, MetadataValue.Struct> found = new HashMap<>();
        for (String name : namespaces) {
            MetadataValue.Struct struct = first.filterMetadata().get(name);
            struct = struct != null ? struct : second.filterMetadata().get(name);
            if (struct != null) {
                found.put(name, struct);
            }
        }
        return new Metadata(found);
    }
}
