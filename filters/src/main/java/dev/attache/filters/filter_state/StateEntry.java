package dev.attache.filters.filter_state;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stream.format.BodyFormat;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;

/**
 * One object of filter state. Immutable.
 *
 * @param skipIfEmpty leaves things as they are where the format makes nothing
 */
public record StateEntry(
        String key,
        ObjectKind kind,
        BodyFormat format,
        FilterState.Sharing sharing,
        boolean skipIfEmpty) {

    /** Makes all objects, one after the other: a later one sees those before. */
    public static void apply(List<StateEntry> entries, FormatContext context, FilterState state) {
        for (StateEntry entry : entries) {
            entry.apply(context, state);
        }
    }

    private void apply(FormatContext context, FilterState state) {
        String text = format.format(context);
        if (text.isEmpty() && skipIfEmpty) {
            return;
        }
        FilterState.Value value = kind.make(text);
        if (value != null) {
            state.set(key, value, sharing);
        }
    }
}
