package dev.attache.filters.load_balancing.override_host;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.lb.PickContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A text of dynamic metadata: where hosts are named, or where the one that was picked is told. */
record MetadataPlace(String namespace, List<String> path) implements HostSource {

    @Override
    public @Nullable String hosts(PickContext request) {
        return request.dynamicMetadata().get(namespace, path)
                        instanceof MetadataValue.Text(String hosts)
                ? hosts
                : null;
    }

    /** The fields of the namespace that have {@code text} at this place. */
    MetadataValue.Struct with(String text) {
        MetadataValue value = new MetadataValue.Text(text);
        for (int i = path.size() - 1; i > 0; i--) {
            value = new MetadataValue.Struct(Map.of(path.get(i), value));
        }
        return new MetadataValue.Struct(Map.of(path.getFirst(), value));
    }
}
