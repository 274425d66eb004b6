package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.DnsCacheSpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.HostPort;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Names that requests bring and their addresses, as Envoy's dynamic forward proxy keeps them. A
 * name is asked for when it is first wanted, again when its answer has expired, and is forgotten
 * when nobody has used it for a while; an answer without addresses leaves those that are known.
 *
 * <p>Questions, timers and changes are the main loop's; workers look names up without a lock, and
 * wait for one by {@link #load}. What waits is bounded by {@link DnsCacheSpec#maxPending}, what is
 * kept by {@link DnsCacheSpec#maxHosts}.
 *
 * <p>Longer than files here should be: what a name goes through from its first question to its end
 * is one chain of steps.
 */
public final class DnsCache {

    private static final long LARGEST_GRAIN_MILLIS = 1_000;
    private static final int USES_IN_TTL = 16;

    /** A cluster that has a host for each name. Main loop. */
    interface Listener {

        /** A name has addresses, other ones than before. */
        void onAddresses(CachedName name);

        /** A name that had addresses is forgotten. */
        void onForgotten(CachedName name);
    }

    private final DnsCacheSpec spec;
    private final EventLoop main;
    private final NameResolver names;
    private final LongSupplier clock;
    private final DnsCacheStats stats;
    private final PendingNames pending;
    private final long grainNanos;
    private final Map<String, CachedName> known = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new ArrayList<>(1);
    private boolean closed;

    DnsCache(DnsCacheSpec spec, DnsCaches.Surroundings around) {
        this.spec = spec;
        this.main = around.main();
        this.names = around.names();
        this.clock = around.clock();
        this.stats = new DnsCacheStats(around.stats(), spec.name());
        this.pending = new PendingNames(spec.maxPending(), stats);
        this.grainNanos =
                TimeUnit.MILLISECONDS.toNanos(
                        Math.min(LARGEST_GRAIN_MILLIS, spec.times().hostTtl() / USES_IN_TTL));
        main.execute(this::preresolve);
    }

    private void preresolve() {
        for (HostPort each : spec.preresolved()) {
            String key = HostPort.key(each.host(), each.port());
            if (!closed && !known.containsKey(key)) {
                ask(add(key, each.port()));
            }
        }
    }

    // ---- workers --------------------------------------------------------------------------------

    /** What limits who waits. */
    public PendingNames pending() {
        return pending;
    }

    /** What is known of a name, if it needs not be waited for, or null. Any thread. */
    public @Nullable CachedName get(String key) {
        CachedName name = known.get(key);
        if (name == null || !name.answered()) {
            return null;
        }
        boolean again = !spec.times().refreshesFailures() && name.failed();
        return again ? null : name;
    }

    /** Whether there is no room for another name; counted. Any thread. */
    public boolean isFull() {
        boolean full = known.size() >= spec.maxHosts();
        if (full) {
            stats.hostOverflow.inc();
        }
        return full;
    }

    /**
     * Asks for a name and waits until something is known of it. Whoever waits has {@linkplain
     * PendingNames#enter entered} before.
     *
     * @param worker where {@code action} runs, later, unless the wait is cancelled
     */
    public NameWait load(
            String key, int defaultPort, Executor worker, Consumer<CachedName> action) {
        NameWait wait = new NameWait(this, key, worker, action);
        main.execute(() -> await(wait, defaultPort));
        return wait;
    }

    /** Whoever gave up needs no answer. */
    void gaveUp(NameWait wait) {
        pending.left();
        main.execute(() -> forget(wait));
    }

    // ---- the main loop --------------------------------------------------------------------------

    private void await(NameWait wait, int defaultPort) {
        if (closed) {
            wait.tell(name(wait.key(), defaultPort));
            return;
        }
        CachedName name = known.get(wait.key());
        if (name != null && name.answered() && get(wait.key()) == null) {
            forget(name);
            name = null;
        }
        if (name == null) {
            name = add(wait.key(), defaultPort);
            name.waiting.add(wait);
            ask(name);
        } else if (name.answered()) {
            wait.tell(name);
        } else {
            name.waiting.add(wait);
        }
    }

    private void forget(NameWait wait) {
        CachedName name = known.get(wait.key());
        if (name != null) {
            name.waiting.remove(wait);
        }
    }

    private CachedName name(String key, int defaultPort) {
        HostPort asked = HostPort.parse(key);
        return new CachedName(
                key,
                asked.port() < 0 ? new HostPort(asked.host(), defaultPort) : asked,
                grainNanos,
                clock.getAsLong());
    }

    private CachedName add(String key, int defaultPort) {
        CachedName name = name(key, defaultPort);
        known.put(key, name);
        stats.hostAdded.inc();
        stats.numHosts.inc();
        return name;
    }

    private void ask(CachedName name) {
        stats.queryAttempt.inc();
        int question = ++name.question;
        if (spec.times().query() > 0) {
            name.timer =
                    main.schedule(
                            () -> {
                                stats.queryTimeout.inc();
                                name.question++;
                                failed(name, "resolve_timeout");
                            },
                            spec.times().query(),
                            TimeUnit.MILLISECONDS);
        }
        if (!isName(name.asked().host())) {
            new Answered(name, question)
                    .onFailed(new DnsTrouble.Failure(DnsTrouble.NO_NAME, "not a name"));
            return;
        }
        DnsServers servers = spec.servers();
        names.resolve(name.asked().host(), spec.family(), servers, new Answered(name, question));
    }

    /** Whether it consists of what Envoy's resolver takes for a name or an address. */
    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean usual = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!usual && "-._/*".indexOf(c) < 0) {
                return IpAddress.isLiteral(text);
            }
        }
        return true;
    }

    /** The outcome of one question, which may come too late. */
    private final class Answered implements NameResolver.Callback {
        private final CachedName name;
        private final int question;

        Answered(CachedName name, int question) {
            this.name = name;
            this.question = question;
        }

        private boolean counts() {
            boolean counts = !closed && question == name.question;
            if (counts) {
                name.question++;
                stopTimer(name);
            }
            return counts;
        }

        @Override
        public void onResolved(List<NameResolver.Record> records) {
            if (counts()) {
                found(name, records, DnsTrouble.NO_DATA.text());
            }
        }

        @Override
        public void onNothing(DnsTrouble why) {
            if (counts()) {
                found(name, List.of(), why.text());
            }
        }

        @Override
        public void onFailed(Throwable why) {
            if (counts()) {
                failed(name, DnsTrouble.of(why).text());
            }
        }
    }

    private void found(CachedName name, List<NameResolver.Record> records, String ifNone) {
        stats.querySuccess.inc();
        List<Address> addresses = new ArrayList<>(records.size());
        long ttl = Long.MAX_VALUE;
        for (NameResolver.Record each : records) {
            IpAddress address = new IpAddress(each.address(), name.asked().port());
            if (stats.counted(spec.filter(), address)) {
                if (addresses.isEmpty()) {
                    ttl = each.ttlSeconds();
                }
                addresses.add(address);
            }
        }
        name.failures = 0;
        String why = addresses.isEmpty() && !records.isEmpty() ? "address_denied" : ifNone;
        long refresh = spec.times().refresh();
        if (!addresses.isEmpty()) {
            refresh = Math.max(spec.times().minRefresh(), TimeUnit.SECONDS.toMillis(ttl));
        }
        if (addresses.isEmpty() || !isNew(name, addresses)) {
            name.foundNothing(details(why), false);
        } else {
            name.moved(addresses);
            stats.hostAddressChanged.inc();
            for (Listener each : List.copyOf(listeners)) {
                each.onAddresses(name);
            }
        }
        answer(name);
        again(name, refresh);
    }

    /** The first is what is dialled first; the order of the others does not matter. */
    private static boolean isNew(CachedName name, List<Address> found) {
        List<Address> before = name.addresses();
        return before.isEmpty()
                || before.size() != found.size()
                || !before.getFirst().equals(found.getFirst())
                || !before.containsAll(found);
    }

    private void failed(CachedName name, String why) {
        stats.queryFailure.inc();
        name.foundNothing(details(why), true);
        answer(name);
        DnsCacheSpec.Times times = spec.times();
        if (times.refreshesFailures()) {
            again(
                    name,
                    NameWatch.failureMillis(
                            times.failureBase(), times.failureMax(), name.failures++));
        }
    }

    private static String details(String why) {
        return "dns_resolution_failure{" + why.replace(' ', '_') + "}";
    }

    private void answer(CachedName name) {
        List<NameWait> waiting = List.copyOf(name.waiting);
        name.waiting.clear();
        waiting.forEach(each -> each.tell(name));
    }

    private void again(CachedName name, long millis) {
        stopTimer(name);
        name.timer = main.schedule(() -> refresh(name), millis, TimeUnit.MILLISECONDS);
    }

    private void refresh(CachedName name) {
        long idle = clock.getAsLong() - name.usedNanos();
        if (idle > TimeUnit.MILLISECONDS.toNanos(spec.times().hostTtl())) {
            forget(name);
        } else {
            ask(name);
        }
    }

    private void forget(CachedName name) {
        stopTimer(name);
        name.question++;
        known.remove(name.key(), name);
        stats.hostRemoved.inc();
        stats.numHosts.dec();
        if (!name.addresses().isEmpty()) {
            for (Listener each : List.copyOf(listeners)) {
                each.onForgotten(name);
            }
        }
    }

    private static void stopTimer(CachedName name) {
        var timer = name.timer;
        if (timer != null) {
            timer.cancel(false);
            name.timer = null;
        }
    }

    /** Main loop: hears of changes from now on, and at once of every name that has addresses. */
    void listen(Listener listener) {
        listeners.add(listener);
        for (CachedName each : known.values()) {
            if (!each.addresses().isEmpty()) {
                listener.onAddresses(each);
            }
        }
    }

    /** Main loop. */
    void leave(Listener listener) {
        listeners.remove(listener);
    }

    /** Nobody uses it any more; who waits all the same hears that nothing is known. Any thread. */
    void close() {
        main.execute(() -> {
            closed = true;
            known.values().forEach(DnsCache::stopTimer);
            known.values().forEach(this::answer);
            known.clear();
            stats.close();
        });
    }
}
