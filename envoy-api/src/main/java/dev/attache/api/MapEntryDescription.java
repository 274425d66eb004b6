package dev.attache.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.MapEntry;
import java.lang.reflect.Field;

/**
 * Completes the empty entry of a map field, which the build leaves without its descriptor so that
 * maps can be used before any descriptor is built. Called by the message classes when the
 * descriptors of their file are there; nobody can have asked the entry for its own before.
 */
public final class MapEntryDescription {

    private MapEntryDescription() {}

    /**
     * @throws IllegalStateException if protobuf keeps an entry's descriptor elsewhere
     */
    public static void describe(MapEntry<?, ?> entry, Descriptor descriptor) {
        try {
            Field metadata = MapEntry.class.getDeclaredField("metadata");
            metadata.setAccessible(true);
            Object shared = metadata.get(entry);
            Field field = shared.getClass().getDeclaredField("descriptor");
            field.setAccessible(true);
            field.set(shared, descriptor);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "protobuf keeps the descriptor of " + descriptor.getFullName() + " otherwise",
                    e);
        }
    }
}
