package dev.attache.filters.http.ext_proc;

import dev.attache.filters.cel.CelExpression;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Attributes that the processor is told of with the first message of a direction. Immutable. */
record ToldAttributes(List<Named> request, List<Named> response) {

    static final ToldAttributes NONE = new ToldAttributes(List.of(), List.of());

    /** An expression, and what its value is called. */
    record Named(String name, CelExpression expression) {}

    boolean areTold(Direction direction) {
        return !of(direction).isEmpty();
    }

    private List<Named> of(Direction direction) {
        return direction == Direction.REQUEST ? request : response;
    }

    /** Those that have a value now. */
    MetadataValue.Struct values(Direction direction, FormatContext about) {
        Map<String, MetadataValue> values = new HashMap<>();
        for (Named named : of(direction)) {
            MetadataValue value = named.expression.plain(about);
            if (value != null) {
                values.put(named.name, value);
            }
        }
        return new MetadataValue.Struct(values);
    }
}
