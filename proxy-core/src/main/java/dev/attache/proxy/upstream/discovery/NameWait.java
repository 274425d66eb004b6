package dev.attache.proxy.upstream.discovery;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Somebody on a worker who waits for a name of a {@link DnsCache}. */
public final class NameWait {

    private final DnsCache cache;
    private final String key;
    private final Executor worker;
    private final Consumer<CachedName> action;
    private boolean over;

    NameWait(DnsCache cache, String key, Executor worker, Consumer<CachedName> action) {
        this.cache = cache;
        this.key = key;
        this.worker = worker;
        this.action = action;
    }

    String key() {
        return key;
    }

    /** Gives up; on the worker. A second time, or once the name is there, does nothing. */
    public void cancel() {
        if (!over) {
            over = true;
            cache.gaveUp(this);
        }
    }

    /** Main loop: something is known. */
    void tell(CachedName name) {
        worker.execute(() -> {
            if (!over) {
                over = true;
                cache.pending().left();
                action.accept(name);
            }
        });
    }
}
