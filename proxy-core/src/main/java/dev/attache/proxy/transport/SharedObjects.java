package dev.attache.proxy.transport;

import dev.attache.proxy.metadata.FilterState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Filter state that goes to an upstream connection. Immutable. Two are equal where the objects that
 * tell connections apart are: as in Envoy, a connection that is shared brings along the others of
 * whoever it was opened for.
 */
public final class SharedObjects {

    public static final SharedObjects NONE = new SharedObjects(List.of());

    private final List<FilterState.Shared> all;
    private final List<FilterState.Shared> telling;

    private SharedObjects(List<FilterState.Shared> all) {
        this.all = List.copyOf(all);
        this.telling = all.stream().filter(each -> each.value().isHashable()).toList();
    }

    /** What {@code state} hands upstream. */
    public static SharedObjects of(FilterState state) {
        List<FilterState.Shared> objects = state.sharedWithUpstream();
        return objects.isEmpty() ? NONE : new SharedObjects(objects);
    }

    /** As the upstream connection has them. */
    public List<FilterState.Shared> all() {
        return all;
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedObjects that && telling.equals(that.telling);
    }

    @Override
    public int hashCode() {
        return telling.hashCode();
    }
}
