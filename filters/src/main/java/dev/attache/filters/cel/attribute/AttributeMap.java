package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.CelMap;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes under one root as a map, for what asks for it by more than a constant name. */
record AttributeMap(AttributeRoot root, FormatContext context, NodeMessage node) implements CelMap {

    @Override
    public @Nullable Object get(Object key) {
        Attribute attribute = key instanceof String name ? root.attribute(name, node) : null;
        return attribute == null ? null : attribute.of(context);
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public @Nullable List<Object> keys() {
        return null;
    }
}
