package dev.attache.proxy.metadata;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.type.matcher.v3.MetadataMatcher}. Immutable.
 *
 * @param path from the namespace inwards; belongs to this, not to be changed
 * @param value gets null where there is nothing
 * @param invert whether it matches where {@code value} does not hold
 */
public record MetadataMatch(
        String namespace,
        List<String> path,
        Predicate<@Nullable MetadataValue> value,
        boolean invert) {

    /** Stands for a value that is not there, where one that was never asked for is null. */
    public static final Object ABSENT =
            new Object() {
                @Override
                public String toString() {
                    return "absent";
                }
            };

    public boolean matches(Metadata metadata) {
        return value.test(metadata.get(namespace, path)) != invert;
    }

    public boolean matches(DynamicMetadata metadata) {
        return value.test(metadata.get(namespace, path)) != invert;
    }
}
