package dev.attache.proxy.network.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection, the oldest first, linked by themselves: a stream comes and goes
 * with each request, and of any number of them any one may go. Loop-confined.
 */
final class OpenStreams {

    private @Nullable ActiveStream first;
    private @Nullable ActiveStream last;

    boolean isEmpty() {
        return first == null;
    }

    /** One that is in no list. */
    void add(ActiveStream stream) {
        ActiveStream before = last;
        stream.before = before;
        if (before == null) {
            first = stream;
        } else {
            before.after = stream;
        }
        last = stream;
    }

    /** One that is in this list. */
    void remove(ActiveStream stream) {
        ActiveStream before = stream.before;
        ActiveStream after = stream.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        stream.before = null;
        stream.after = null;
    }

    /** Those of this moment, whatever becomes of them. */
    List<ActiveStream> now() {
        List<ActiveStream> all = new ArrayList<>();
        for (ActiveStream each = first; each != null; each = each.after) {
            all.add(each);
        }
        return all;
    }
}
