package dev.attache.proxy.explain;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has switched on to find out why requests go where they go: that the decisions of
 * the last ones are kept, and that a request which knows a secret is told in its response. Both are
 * off at first, and then a request costs one look at a field. One for an engine, any thread; a
 * worker that keeps something takes the lock of its own ring, for which only who asks contends.
 */
public final class Explaining {

    /** Nothing is ever on. */
    public static final Explaining OFF = new Explaining(0);

    private static final class Ring {
        private final Deque<Decision> decisions = new ArrayDeque<>();
        private long held;

        /**
         * The limit is looked at under the lock: what is forgotten meanwhile does not come back.
         */
        synchronized void add(Decision decision, LongSupplier most) {
            decisions.addLast(decision);
            held += decision.bytes();
            shrink(most.getAsLong());
        }

        synchronized void shrink(long most) {
            while (held > most && !decisions.isEmpty()) {
                held -= decisions.removeFirst().bytes();
            }
        }

        synchronized List<Decision> all() {
            return new ArrayList<>(decisions);
        }
    }

    private final Ring[] rings;
    private volatile long keeps;
    private volatile byte @Nullable [] secret;
    private volatile boolean on;

    /**
     * @param workers how many there are
     */
    public Explaining(int workers) {
        rings = new Ring[workers];
        for (int i = 0; i < workers; i++) {
            rings[i] = new Ring();
        }
    }

    /** Whether a request is to be looked at at all. */
    public boolean isOn() {
        return on;
    }

    /** Whether decisions are kept. */
    public boolean keepsDecisions() {
        return keeps > 0;
    }

    /** How many bytes all workers keep together. */
    public long keeps() {
        return keeps;
    }

    /**
     * Keeps decisions from now on, the last ones that have room.
     *
     * @param bytes of all workers together, roughly; 0: none, and those that are kept go
     */
    public synchronized void keep(long bytes) {
        keeps = rings.length == 0 ? 0 : bytes;
        settle();
        for (Ring ring : rings) {
            ring.shrink(ofWorker());
        }
    }

    /**
     * Tells requests that carry it.
     *
     * @param octets null: nobody is told
     */
    public synchronized void secret(byte @Nullable [] octets) {
        secret = octets == null ? null : octets.clone();
        settle();
    }

    private void settle() {
        on = keeps > 0 || secret != null;
    }

    private long ofWorker() {
        return keeps / rings.length;
    }

    /** Whether there is a secret at all: requests are then stripped of what might be it. */
    public boolean tells() {
        return secret != null;
    }

    /** Compared in a time that does not depend on how much of it is right. */
    public boolean isSecret(byte[] octets) {
        byte[] own = secret;
        return own != null && MessageDigest.isEqual(own, octets);
    }

    /** Keeps one, if any are kept; on the worker. */
    public void add(int worker, Decision decision) {
        if (keeps > 0) {
            rings[worker].add(decision, this::ofWorker);
        }
    }

    /** The last decision about a request of that identifier, or null. */
    public @Nullable Decision find(String id) {
        return latest().stream().filter(each -> each.id().equals(id)).findFirst().orElse(null);
    }

    /** All that are kept, the youngest first. */
    public List<Decision> latest() {
        List<Decision> all = new ArrayList<>();
        for (Ring ring : rings) {
            all.addAll(ring.all().reversed());
        }
        all.sort(Comparator.comparingLong(Decision::endMillis).reversed());
        return all;
    }
}
