package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.upstream.spec.DnsSpec;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps asking for one name: resolves at {@link #start()}, then again after the refresh rate, the
 * answer's TTL, or the failure back-off, until {@link #stop()}. Confined to the main loop.
 */
final class NameWatch {

    /** Hears every outcome, before the next refresh is planned. */
    public interface Listener {
        void onAttempt();

        void onResolved(List<NameResolver.Record> records);

        /** What was known stays. */
        void onFailed(Throwable why);
    }

    private final EventLoop loop;
    private final NameResolver resolver;
    private final String name;
    private final DnsSpec spec;
    private final Listener listener;
    private @Nullable ScheduledFuture<?> next;
    private int failures;
    private boolean stopped;

    public NameWatch(
            EventLoop loop, NameResolver resolver, String name, DnsSpec spec, Listener listener) {
        this.loop = loop;
        this.resolver = resolver;
        this.name = name;
        this.spec = spec;
        this.listener = listener;
    }

    public String name() {
        return name;
    }

    public void start() {
        next = null;
        listener.onAttempt();
        resolver.resolve(
                name,
                spec.family(),
                spec.servers(),
                new NameResolver.Callback() {
                    @Override
                    public void onResolved(List<NameResolver.Record> records) {
                        if (!stopped) {
                            failures = 0;
                            listener.onResolved(records);
                            plan(refreshMillis(records));
                        }
                    }

                    @Override
                    public void onFailed(Throwable why) {
                        if (!stopped) {
                            listener.onFailed(why);
                            plan(
                                    failureMillis(
                                            spec.failureBaseMillis(),
                                            spec.failureMaxMillis(),
                                            failures++));
                        }
                    }
                });
    }

    public void stop() {
        stopped = true;
        ScheduledFuture<?> planned = next;
        if (planned != null) {
            planned.cancel(false);
            next = null;
        }
    }

    private void plan(long millis) {
        if (!stopped) {
            next = loop.schedule(this::start, millis, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * The shortest TTL rules where TTLs are respected; a zero TTL falls back to the refresh rate.
     */
    private long refreshMillis(List<NameResolver.Record> records) {
        long millis = spec.refreshMillis();
        if (spec.respectTtl() && !records.isEmpty()) {
            long ttl = Long.MAX_VALUE;
            for (NameResolver.Record each : records) {
                ttl = Math.min(ttl, each.ttlSeconds());
            }
            if (ttl > 0) {
                millis = TimeUnit.SECONDS.toMillis(ttl);
            }
        }
        return millis + random(spec.jitterMillis());
    }

    /** Envoy's jittered exponential back-off; fixed where base and maximum are the same. */
    static long failureMillis(long base, long max, int earlier) {
        if (max <= base) {
            return base;
        }
        long ceiling = Math.min(max, base << Math.min(earlier, 20));
        return Math.max(1, random(ceiling));
    }

    private static long random(long bound) {
        return bound <= 0 ? 0 : ThreadLocalRandom.current().nextLong(bound);
    }
}
