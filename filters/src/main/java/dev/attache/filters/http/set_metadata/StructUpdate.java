package dev.attache.filters.http.set_metadata;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fields that go into others, as Envoy's {@code StructUtil::update}. Pure. */
final class StructUpdate {

    private StructUpdate() {}

    /** Of two values of one field the new one counts, unless both are structs or lists. */
    static MetadataValue.Struct of(MetadataValue.Struct old, MetadataValue.Struct added) {
        Map<String, MetadataValue> fields = new HashMap<>(old.fields());
        added.fields().forEach((key, value) -> fields.merge(key, value, StructUpdate::of));
        return new MetadataValue.Struct(fields);
    }

    private static MetadataValue of(MetadataValue old, MetadataValue added) {
        if (old instanceof MetadataValue.Struct before
                && added instanceof MetadataValue.Struct after) {
            return of(before, after);
        }
        if (old instanceof MetadataValue.Sequence before
                && added instanceof MetadataValue.Sequence after) {
            List<MetadataValue> values = new ArrayList<>(before.values());
            values.addAll(after.values());
            return new MetadataValue.Sequence(values);
        }
        return added;
    }
}
