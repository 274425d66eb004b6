package dev.attache.filters.authorization;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces of metadata that a service is told of. Immutable.
 *
 * @param typed those whose messages it is told of
 */
public record ToldMetadata(List<String> namespaces, List<String> typed) {

    private boolean isNothing() {
        return namespaces.isEmpty() && typed.isEmpty();
    }

    /** What the request says, and the connection where that does not. */
    public Metadata of(StreamInfo info) {
        return isNothing()
                ? Metadata.EMPTY
                : chosen(
                        info.dynamicMetadata().snapshot(),
                        info.downstream().dynamicMetadata().snapshot());
    }

    public Metadata of(ConnectionInfo connection) {
        return isNothing()
                ? Metadata.EMPTY
                : chosen(connection.dynamicMetadata().snapshot(), Metadata.EMPTY);
    }

    public Metadata of(@Nullable Route route) {
        return isNothing() || route == null
                ? Metadata.EMPTY
                : chosen(route.spec().metadata(), Metadata.EMPTY);
    }

    /** Of either, the first one where both have a namespace. */
    public Metadata chosen(Metadata first, Metadata second) {
        Map<String, MetadataValue.Struct> found = new HashMap<>();
        for (String name : namespaces) {
            MetadataValue.Struct struct = first.filterMetadata().get(name);
            struct = struct != null ? struct : second.filterMetadata().get(name);
            if (struct != null) {
                found.put(name, struct);
            }
        }
        Map<String, TypedMetadata> messages = new HashMap<>();
        for (String name : typed) {
            TypedMetadata message = first.typed().get(name);
            message = message != null ? message : second.typed().get(name);
            if (message != null) {
                messages.put(name, message);
            }
        }
        return new Metadata(found, messages);
    }
}
