package dev.attache.filters.delegation;

import dev.attache.filters.delegation.FilterAction.Execute;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The filters of actions, opened on one worker. Those of the filter's own actions are opened with
 * it; those of a route's when a stream first has them executed, and closed when the route's
 * configuration is gone. Loop-confined.
 */
public final class OpenedActions {

    /** An action, by identity, as long as somebody else refers to it. */
    private static final class Key extends WeakReference<Execute> {
        private final int hash;

        Key(Execute action, @Nullable ReferenceQueue<Execute> gone) {
            super(action, gone);
            this.hash = System.identityHashCode(action);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || other instanceof Key key && get() != null && key.get() == get();
        }
    }

    private final HttpFilterScope scope;
    private final Map<Key, List<HttpFilterFactory>> opened = new HashMap<>();
    private final ReferenceQueue<Execute> gone = new ReferenceQueue<>();

    public OpenedActions(HttpFilterScope scope) {
        this.scope = scope;
    }

    /**
     * Opens what there is before the first stream.
     *
     * @throws RuntimeException if one cannot be opened; the others are closed again
     */
    public void open(Iterable<Execute> actions) {
        try {
            actions.forEach(this::factories);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** The filter of an action for one stream. */
    public HttpFilter newFilter(Execute action) {
        List<HttpFilterFactory> factories = factories(action);
        if (factories.size() == 1) {
            return factories.getFirst().newFilter();
        }
        List<HttpFilter> filters = new ArrayList<>(factories.size());
        for (int i = 0; i < factories.size(); i++) {
            filters.add(factories.get(i).newFilter());
        }
        return new FilterRow(filters);
    }

    private List<HttpFilterFactory> factories(Execute action) {
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            close(opened.remove(key));
        }
        List<HttpFilterFactory> known = opened.get(new Key(action, null));
        if (known != null) {
            return known;
        }
        List<HttpFilterFactory> made = new ArrayList<>();
        try {
            for (HttpFilterSpec filter : action.filters()) {
                made.add(Objects.requireNonNull(filter.open(scope)));
            }
        } catch (Throwable e) {
            close(made);
            throw e;
        }
        opened.put(new Key(action, gone), made);
        return made;
    }

    private static void close(@Nullable List<HttpFilterFactory> factories) {
        if (factories != null) {
            factories.forEach(HttpFilterFactory::close);
        }
    }

    /** No stream passes them any more. */
    public void close() {
        opened.values().forEach(OpenedActions::close);
        opened.clear();
    }
}
