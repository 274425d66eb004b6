package dev.attache.config.extension;

import com.google.protobuf.ByteString;
import dev.attache.proxy.pipeline.DiscoveredFilter;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter of a resource whose configuration is to be discovered ({@code ExtensionConfigSource}):
 * what is subscribed for it, and who is told. Immutable.
 *
 * @param category of what is discovered
 * @param name of the resource
 * @param types full names of the messages that it may be
 * @param last whether it stands where only a filter that always answers may
 * @param waits whether the resource is not used before the configuration is there
 * @param slot what becomes of it
 */
public record ExtensionDiscovery(
        ExtensionCategory category,
        String name,
        ConfigSource source,
        List<String> types,
        boolean last,
        boolean waits,
        SharedSlot<DiscoveredFilter> slot) {

    /** By what one is known. The source stands there as its bytes. */
    public record Key(ExtensionCategory category, String name, ByteString source) {}

    public ExtensionDiscovery {
        types = List.copyOf(types);
    }

    /** Null, or why a configuration of this type cannot stand here. */
    public @Nullable String problem(String type) {
        return types.contains(type)
                ? null
                : "Error: filter config has type URL %s but expect %s."
                        .formatted(type, String.join(", ", types));
    }

    /** Null, or why a filter cannot stand here that always answers, or does not. */
    public @Nullable String problem(String type, boolean terminal) {
        if (terminal == last) {
            return null;
        }
        return terminal
                ? "Error: terminal filter named %s of type %s must be the last filter in a http filter chain."
                        .formatted(name, type)
                : "Error: non-terminal filter named %s of type %s is the last filter in a http filter chain."
                        .formatted(name, type);
    }
}
