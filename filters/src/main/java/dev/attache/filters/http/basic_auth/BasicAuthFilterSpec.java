package dev.attache.filters.http.basic_auth;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The filter with its own users; routes may bring others. Immutable.
 *
 * @param forward tells who it is to those behind; null = nobody
 * @param credentials where name and password are looked for
 * @param realm empty = the request's URI
 * @param allowMissing who shows none of the scheme is let in, as nobody, and is not counted
 * @param tells who it is stands in the metadata too
 */
record BasicAuthFilterSpec(
        Users users,
        @Nullable HeaderName forward,
        HeaderName credentials,
        String realm,
        boolean allowMissing,
        boolean tells)
        implements HttpFilterSpec {

    /** {@code http.<stat_prefix>.basic_auth.*}, one worker's cells. */
    record Stats(Cell allowed, Cell denied) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Scope own = scope.stats().scope("basic_auth.");
        int worker = scope.worker().index();
        Stats stats =
                new Stats(own.counter("allowed").cell(worker), own.counter("denied").cell(worker));
        return () -> new BasicAuthFilter(this, stats);
    }
}
