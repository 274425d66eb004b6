package dev.attache.filters.jwks;

import dev.attache.filters.jwt.Jwks;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a key set for requests of one worker that need it, all that wait at once by the same
 * call. Loop-confined.
 */
public final class KeyFetch implements ResponseListener {

    private final RemoteKeySet set;
    private final SharedKeys keys;
    private final UpstreamCalls calls;
    private final WorkerContext worker;
    private final Cell succeeded;
    private final Cell failed;
    private List<Consumer<@Nullable Jwks>> waiting = new ArrayList<>();
    private @Nullable UpstreamCall call;

    public KeyFetch(
            RemoteKeySet set,
            SharedKeys keys,
            UpstreamCalls calls,
            WorkerContext worker,
            Cell succeeded,
            Cell failed) {
        this.set = set;
        this.keys = keys;
        this.calls = calls;
        this.worker = worker;
        this.succeeded = succeeded;
        this.failed = failed;
    }

    /** The keys that are here and may be used, or null. */
    public @Nullable Jwks keys() {
        return keys.get(worker.nanoTime());
    }

    /**
     * @param waiter gets the keys, or null where they could not be fetched; not within this call.
     *     Must not throw
     */
    public void fetch(Consumer<@Nullable Jwks> waiter) {
        waiting.add(waiter);
        if (call == null) {
            call = calls.send(set.cluster(), set.request(), null, set.options(), this);
        }
    }

    @Override
    public void onResponse(Headers head, ByteBuf body) {
        Jwks fetched = null;
        try {
            fetched = set.read(head, ByteBufUtil.getBytes(body)).keys();
            if (fetched != null) {
                keys.put(fetched, worker.nanoTime(), set.cacheMillis());
            }
        } finally {
            // Whatever the bytes did to their reader: nobody waits for ever, and the next one asks.
            tell(fetched);
        }
    }

    @Override
    public void onFailure(CallFailure why) {
        tell(null);
    }

    private void tell(@Nullable Jwks fetched) {
        call = null;
        (fetched == null ? failed : succeeded).inc();
        List<Consumer<@Nullable Jwks>> told = waiting;
        waiting = new ArrayList<>();
        told.forEach(waiter -> waiter.accept(fetched));
    }

    /** Nobody waits any more. */
    public void close() {
        waiting.clear();
        if (call != null) {
            call.cancel();
            call = null;
        }
    }
}
