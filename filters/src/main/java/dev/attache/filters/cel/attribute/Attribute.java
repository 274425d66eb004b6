package dev.attache.filters.cel.attribute;

import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/** One attribute, {@code request.path}. Immutable, any thread. */
@FunctionalInterface
public interface Attribute {

    /** Its value now, or null where it has none. */
    @Nullable Object of(FormatContext context);
}
