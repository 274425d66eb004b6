package dev.attache.filters.http.author.blocking;

import dev.attache.filters.http.author.stream.AuthorHeaders;
import dev.attache.filters.http.author.stream.HeaderNames;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a head for a blocking filter, which remembers what was changed: the changes are made
 * once more on the head itself, which keeps what else is known of it, such as the spelling of
 * names. On the thread of the stream until it is {@linkplain #replay replayed}.
 */
final class RecordedHeaders extends AuthorHeaders {

    /** One change; without a value a removal. */
    private record Change(boolean adds, String name, String value) {
        private static final String REMOVED = "\0";
    }

    private final List<Change> changes = new ArrayList<>();
    private final HeaderNames names;

    RecordedHeaders(dev.attache.proxy.http.Headers original, HeaderNames names) {
        super(original.copy(), names);
        this.names = names;
    }

    @Override
    public void set(String name, String value) {
        super.set(name, value);
        changes.add(new Change(false, name, value));
    }

    @Override
    public void add(String name, String value) {
        super.add(name, value);
        changes.add(new Change(true, name, value));
    }

    @Override
    public boolean remove(String name) {
        boolean removed = super.remove(name);
        if (removed) {
            changes.add(new Change(false, name, Change.REMOVED));
        }
        return removed;
    }

    /** Makes the changes on the original; on its worker. */
    void replay(dev.attache.proxy.http.Headers original) {
        AuthorHeaders target = new AuthorHeaders(original, names);
        for (Change change : changes) {
            if (change.value.equals(Change.REMOVED)) {
                target.remove(change.name);
            } else if (change.adds) {
                target.add(change.name, change.value);
            } else {
                target.set(change.name, change.value);
            }
        }
        changes.clear();
    }
}
