package dev.attache.filters.authorization;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The namespaces of metadata that a service is told of. Pure. */
public final class ToldMetadata {
    private ToldMetadata() {}

    /** What the request says, and the connection where that does not. */
    public static Metadata of(List<String> namespaces, StreamInfo info) {
        return namespaces.isEmpty()
                ? Metadata.EMPTY
                : chosen(
                        namespaces,
                        info.dynamicMetadata().snapshot(),
                        info.downstream().dynamicMetadata().snapshot());
    }

    public static Metadata of(List<String> namespaces, ConnectionInfo connection) {
        return namespaces.isEmpty()
                ? Metadata.EMPTY
                : chosen(namespaces, connection.dynamicMetadata().snapshot(), Metadata.EMPTY);
    }

    public static Metadata of(List<String> namespaces, @Nullable Route route) {
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
