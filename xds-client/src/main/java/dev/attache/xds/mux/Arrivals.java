package dev.attache.xds.mux;

import dev.attache.xds.ResourceType;
import dev.attache.xds.Turns;
import dev.attache.xds.UpdateJournal;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The responses of a stream on their way to the watches: taken in turns of the main loop, in the
 * order in which they came. While one waits for its compilation the next one is asked for, so that
 * those are heard of that may pass it: endpoints and secrets, which name nothing and are named by
 * what has served for a while. Clusters, listeners and routes refer to one another and keep the
 * control plane's order, which is what makes a change without a gap: a cluster must not go before
 * the routes that led to it. Of each type at most one response waits behind older ones before no
 * more is asked for. Main loop only.
 */
final class Arrivals {

    private final Turns turns;

    /** The types of which a response waits behind an older one, with the next one asked for. */
    private final Set<ResourceType> waiting = new HashSet<>();

    Arrivals(Turns turns) {
        this.turns = turns;
    }

    void add(Arrival arrival) {
        turns.add(arrival);
        if (!arrival.begun && waiting.add(arrival.type)) {
            arrival.waitsAsked = true;
            arrival.sayTaken();
        }
    }

    /** A response; requests of its type wait until it can be answered. */
    abstract class Arrival implements Turns.Work {
        private final ResourceType type;
        private final Runnable taken;
        private final UpdateJournal.Response journal;
        private @Nullable Delivery delivery;
        private boolean begun;
        private boolean waitsAsked;
        private boolean saidTaken;

        /**
         * @param taken asks for the next response
         * @param journal of this response
         */
        Arrival(ResourceType type, Runnable taken, UpdateJournal.Response journal) {
            this.type = type;
            this.taken = taken;
            this.journal = journal;
        }

        /** What is to be delivered, or null if nothing is. */
        abstract @Nullable Delivery begin();

        /** Answers the control plane; why it refuses, or null. */
        abstract @Nullable String end(@Nullable Delivery delivered);

        @Override
        public final boolean step() {
            journal.enter();
            try {
                return piece();
            } finally {
                journal.leave();
            }
        }

        private boolean piece() {
            if (!begun) {
                begun = true;
                if (waitsAsked) {
                    waiting.remove(type);
                }
                delivery = begin();
            }
            Delivery underWay = delivery;
            if (underWay != null && !underWay.step()) {
                if (awaits() != null) {
                    sayTaken();
                }
                return false;
            }
            journal.answered(end(underWay));
            sayTaken();
            return true;
        }

        @Override
        public final @Nullable CompletableFuture<?> awaits() {
            return delivery == null ? null : delivery.awaits();
        }

        @Override
        public final boolean mayPass(Turns.Work older) {
            return older instanceof Arrival other
                    && !other.type.equals(type)
                    && (type.equals(ResourceType.ENDPOINT) || type.equals(ResourceType.SECRET));
        }

        private void sayTaken() {
            if (!saidTaken) {
                saidTaken = true;
                taken.run();
            }
        }
    }
}
