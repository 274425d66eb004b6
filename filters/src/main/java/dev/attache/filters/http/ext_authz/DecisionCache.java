package dev.attache.filters.http.ext_authz;

import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.CacheSettings;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
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
     * What a decision is about.
     *
     * @param values of the headers that decide, in their order; null where there is none
     */
    record Key(
            AuthorizationService service,
            Map<String, String> contextExtensions,
            List<@Nullable String> values) {}

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
        settings.keys().forEach(name -> keys.add(HeaderName.of(name)));
        Scope own = scope.scope("decision_cache.");
        this.hits = own.counter("hits").cell(worker);
        this.misses = own.counter("misses").cell(worker);
        this.evictions = own.counter("evictions").cell(worker);
        this.size = own.gauge("size").cell(worker);
        this.entries = new LinkedHashMap<>(16, 0.75f, true);
    }

    Key key(AuthorizationService service, Map<String, String> extensions, Headers request) {
        List<@Nullable String> values = new ArrayList<>(keys.size());
        for (HeaderName name : keys) {
            values.add(request.getJoined(name));
        }
        return new Key(service, extensions, values);
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
        long until = nanoTime.getAsLong() + settings.ttlMillis() * 1_000_000;
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
