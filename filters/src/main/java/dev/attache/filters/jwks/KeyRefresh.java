package dev.attache.filters.jwks;

import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.PreparationScope;
import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.jwt.Jwks;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.upstream.dial.Cancellable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a key set on the main loop, again a little before its time is over, or soon after an
 * attempt that failed. The first attempt, however it ends, is what the listener waits for. Main
 * loop only.
 */
public final class KeyRefresh implements Preparation {

    /** So long before the keys' time is over new ones are fetched. */
    private static final long EARLY_MILLIS = 5000;

    /**
     * A server is not asked more often, whatever the configuration says: keys may be good for 0.
     */
    private static final long LEAST_MILLIS = 100;

    private final RemoteKeySet set;
    private final RemoteKeySet.Refresh refresh;
    private final SharedSlot<SharedKeys> slot;
    private final FetchCounts counts;
    private SharedSlot.@Nullable Lease<SharedKeys> lease;
    private @Nullable PreparationScope scope;
    private Cancellable call = Cancellable.DONE;
    private Cancellable timer = Cancellable.DONE;
    private boolean failing;
    private boolean closed;

    public KeyRefresh(
            RemoteKeySet set,
            RemoteKeySet.Refresh refresh,
            SharedSlot<SharedKeys> slot,
            FetchCounts counts) {
        this.set = set;
        this.refresh = refresh;
        this.slot = slot;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "Jwks async fetching url=" + set.uri();
    }

    @Override
    public Waiting waiting() {
        return refresh.fastListener() ? Waiting.NONE : Waiting.FOR_AN_ATTEMPT;
    }

    @Override
    public void start(PreparationScope around, Outcome outcome) {
        scope = around;
        lease = slot.lease();
        fetch(around, outcome);
    }

    private void fetch(PreparationScope around, @Nullable Outcome first) {
        call =
                around.calls()
                        .send(
                                set.cluster(),
                                set.request(),
                                null,
                                set.options(),
                                around.loop(),
                                new CallGate.Listener() {
                                    @Override
                                    public void onResponse(Headers head, byte[] body) {
                                        RemoteKeySet.Fetched fetched = read(head, body);
                                        took(fetched.keys(), fetched.problem(), first);
                                    }

                                    @Override
                                    public void onFailure(CallFailure why) {
                                        took(null, why.text(), first);
                                    }
                                });
    }

    /** Whatever the bytes do to their reader, there is a next attempt. */
    private RemoteKeySet.Fetched read(Headers head, byte[] body) {
        try {
            return set.read(head, body);
        } catch (RuntimeException e) {
            return new RemoteKeySet.Fetched(null, e.toString());
        }
    }

    private void took(@Nullable Jwks keys, String problem, @Nullable Outcome first) {
        PreparationScope around = scope;
        SharedSlot.Lease<SharedKeys> held = lease;
        if (closed || around == null || held == null) {
            return;
        }
        counts.count(keys != null);
        long next = refresh.failedMillis();
        if (keys != null) {
            held.value().put(keys);
            long good = set.cacheMillis();
            next = good > EARLY_MILLIS ? good - EARLY_MILLIS : good;
        }
        Duration delay = Duration.ofMillis(Math.max(next, LEAST_MILLIS));
        timer = around.schedule(delay, () -> fetch(around, null));
        boolean newlyFailing = keys == null && !failing;
        failing = keys == null;
        if (first != null && keys != null) {
            first.ready();
        } else if (first != null) {
            first.failed(problem);
        } else if (newlyFailing) {
            around.warn(name() + ": " + problem + "; the keys of before stay, if there are any");
        }
    }

    @Override
    public void close() {
        closed = true;
        call.cancel();
        timer.cancel();
        if (lease != null) {
            lease.close();
        }
    }
}
