package dev.attache.proxy.pipeline;

import dev.attache.proxy.connection.Valve;
import java.util.ArrayList;
import java.util.List;

/**
 * The valve of a direction that has several sources: the message's own, and what filters get from
 * elsewhere and pass on. Held, all of them stand still. Loop-confined.
 */
final class FedValve implements Valve {

    private final Valve first;
    private final List<Valve> more;
    private int holds;

    FedValve(Valve first, List<Valve> more) {
        this.first = first;
        this.more = new ArrayList<>(more);
    }

    /** One more source, held as the others are. */
    void add(Valve source) {
        more.add(source);
        for (int i = 0; i < holds; i++) {
            source.hold();
        }
    }

    @Override
    public void hold() {
        holds++;
        first.hold();
        more.forEach(Valve::hold);
    }

    /** The first source may have been held before there were others. */
    @Override
    public void release() {
        first.release();
        if (holds > 0) {
            holds--;
            more.forEach(Valve::release);
        }
    }
}
