package dev.attache.config.extension;

import com.google.protobuf.ByteString;
import dev.attache.proxy.discovered.DiscoveredFilter;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter of a resource whose configuration is to be discovered ({@code ExtensionConfigSource}):
 * what is subscribed for it, and who is told. Immutable.
 *
 * @param name of the resource
 * @param types full names of the messages that it may be
 * @param place where in which chain it stands
 * @param waits whether the resource is not used before the configuration is there
 * @param slot what becomes of it in this place; of an update that leaves the place alone, the same
 */
public record ExtensionDiscovery(
        FilterKind kind,
        String name,
        ConfigSource source,
        List<String> types,
        Place place,
        boolean waits,
        SharedSlot<DiscoveredFilter> slot) {

    /** By what one is known. The source stands there as its bytes. */
    public record Key(FilterKind kind, String name, ByteString source) {}

    /**
     * A place in a chain.
     *
     * @param chain what Envoy's texts call the chain
     * @param last whether only a filter may stand there that ends it
     * @param advice added where one that does not end it stands last
     */
    public record Place(String chain, boolean last, String advice) {}

    public ExtensionDiscovery {
        types = List.copyOf(types);
    }

    public Key key() {
        return new Key(kind, name, source.toByteString());
    }

    /** Whether a configuration can stand here. */
    public boolean fits(DiscoveredFilter.Found found) {
        return types.contains(found.type())
                && (!kind.hasPlace() || found.terminal() == place.last());
    }

    /** Null, or why a configuration of this type cannot stand here. */
    public @Nullable String problem(String type) {
        return types.contains(type)
                ? null
                : "Error: filter config has type URL %s but expect %s."
                        .formatted(type, String.join(", ", types));
    }

    /**
     * Null, or why a filter cannot stand here that ends its chain, or does not.
     *
     * @param extension its well-known name
     */
    public @Nullable String problem(String extension, boolean terminal) {
        if (!kind.hasPlace() || terminal == place.last()) {
            return null;
        }
        return terminal
                ? "Error: terminal filter named %s of type %s must be the last filter in a %s filter chain."
                        .formatted(name, extension, place.chain())
                : "Error: non-terminal filter named %s of type %s is the last filter in a %s filter chain.%s"
                        .formatted(name, extension, place.chain(), place.advice());
    }
}
