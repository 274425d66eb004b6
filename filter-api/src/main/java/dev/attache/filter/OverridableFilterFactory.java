package dev.attache.filter;

/**
 * A filter that takes settings of a route, a virtual host or a route table, from {@code
 * typed_per_filter_config} under the filter's name in the chain. They are a {@code TypedStruct} of
 * the same {@link #name}. Nothing is merged: what an entry does not say is up to the filter.
 */
@Stable(since = "0.1", implementedByAuthors = true)
public interface OverridableFilterFactory extends FilterFactory {

    /**
     * Once for each such entry; errors as in {@link #configure}.
     *
     * @return an immutable object, which {@link StreamContext#override} gives to the filter
     */
    Object override(Settings settings);
}
