package dev.attache.filters.http.ext_authz;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.CacheSettings;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decisions of one filter on one worker, kept for a while by the headers that decide: our own, and
 * off unless asked for. Errors are never kept. Loop-confined.
 */
final class DecisionCache {

    /**
     * What a service is told beside headers, as far as the configuration says so: it decides too.
     *
     * @param certificate the digest of the client's, of which every service gets the name
     * @param serverName what a connection asked for, where the service is told
     * @param metadata of the request
     */
    record Beside(
            AuthorizationService service,
            Map<String, String> contextExtensions,
            @Nullable String certificate,
            @Nullable String serverName,
            Metadata metadata,
            Metadata routeMetadata) {}

    /**
     * What a decision is about.
     *
     * @param values of the headers that decide, each field for itself; null ends those of one name
     */
    record Key(Beside beside, List<@Nullable String> values) {}

    /** Values that are longer together are a client's way to fill the memory. */
    private static final int MAX_LENGTH = 4096;

    private record Kept(Decision decision, long untilNanos) {}

    private final CacheSettings settings;
    private final List<HeaderName> keys = new ArrayList<>();
    private final LongSupplier nanoTime;
    private final Cell hits;
    private final Cell misses;
    private final Cell evictions;
    private final Cell size;
    private final LinkedHashMap<Key, Kept> entries;

    /**
     * @param scope {@code http.<prefix>.ext_authz.}
     * @param worker whose share of the statistics this is
     * @param nanoTime monotonic
     */
    DecisionCache(CacheSettings settings, Scope scope, int worker, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        for (String name : settings.keys()) {
            HeaderName header = HeaderName.of(name);
            keys.add(header == HeaderName.HOST ? HeaderName.AUTHORITY : header);
        }
        Scope own = scope.scope("decision_cache.");
        this.hits = own.counter("hits").cell(worker);
        this.misses = own.counter("misses").cell(worker);
        this.evictions = own.counter("evictions").cell(worker);
        this.size = own.gauge("size").cell(worker);
        this.entries = new LinkedHashMap<>(16, 0.75f, true);
    }

    /** Null: what is known of such a request is not kept. */
    @Nullable Key key(Beside beside, Headers request) {
        List<@Nullable String> values = new ArrayList<>(2 * keys.size());
        int length = 0;
        for (HeaderName name : keys) {
            for (int i = request.indexOf(name); i >= 0; i = request.indexOf(name, i + 1)) {
                values.add(request.value(i));
                length += request.valueLength(i);
            }
            values.add(null);
        }
        return length > MAX_LENGTH ? null : new Key(beside, values);
    }

    /** What is known, or null. */
    @Nullable Decision get(Key key) {
        Kept kept = entries.get(key);
        if (kept != null && kept.untilNanos - nanoTime.getAsLong() > 0) {
            hits.inc();
            return kept.decision;
        }
        if (kept != null) {
            entries.remove(key);
            size.dec();
        }
        misses.inc();
        return null;
    }

    void put(Key key, Decision decision) {
        if (decision.outcome() == Outcome.ERROR
                || decision.outcome() == Outcome.DENIED && !settings.keepDenied()) {
            return;
        }
        long until = nanoTime.getAsLong() + MILLISECONDS.toNanos(settings.ttlMillis());
        if (entries.put(key, new Kept(decision, until)) == null) {
            size.inc();
        }
        if (entries.size() > settings.size()) {
            entries.pollFirstEntry();
            evictions.inc();
            size.dec();
        }
    }

    /** The chain is gone. */
    void close() {
        size.add(-entries.size());
        entries.clear();
    }
}
