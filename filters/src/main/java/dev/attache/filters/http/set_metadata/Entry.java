package dev.attache.filters.http.set_metadata;

import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;

/** What becomes of one namespace. Immutable. */
sealed interface Entry {

    /** False where the namespace is there and is not to be changed. */
    boolean addTo(DynamicMetadata metadata);

    /**
     * @param overwrite goes into what is there, down to the last field, behind the values of lists
     */
    record Untyped(String namespace, MetadataValue.Struct value, boolean overwrite)
            implements Entry {
        @Override
        public boolean addTo(DynamicMetadata metadata) {
            MetadataValue.Struct known = metadata.namespace(namespace);
            if (known != null && !overwrite) {
                return false;
            }
            metadata.replace(namespace, known == null ? value : StructUpdate.of(known, value));
            return true;
        }
    }

    /**
     * @param overwrite takes the place of what is there
     */
    record Typed(String namespace, TypedMetadata value, boolean overwrite) implements Entry {
        @Override
        public boolean addTo(DynamicMetadata metadata) {
            if (metadata.typed().containsKey(namespace) && !overwrite) {
                return false;
            }
            metadata.typed(namespace, value);
            return true;
        }
    }
}
