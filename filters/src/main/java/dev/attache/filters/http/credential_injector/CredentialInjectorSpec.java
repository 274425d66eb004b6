package dev.attache.filters.http.credential_injector;

import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;

/**
 * What requests are given. Immutable.
 *
 * @param overwrite what a request brings does not stay
 * @param allowWithout a request goes on although there is no credential
 */
record CredentialInjectorSpec(CredentialSource source, boolean overwrite, boolean allowWithout)
        implements HttpFilterSpec {

    /** {@code http.<stat_prefix>.credential_injector.*}, one worker's cells. */
    record Stats(Cell injected, Cell failed, Cell alreadyExists) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Scope own = scope.stats().scope("credential_injector.");
        int worker = scope.worker().index();
        Stats stats =
                new Stats(
                        own.counter("injected").cell(worker),
                        own.counter("failed").cell(worker),
                        own.counter("already_exists").cell(worker));
        return new OnWorker(this, stats, source.open(own));
    }

    /** The filter of one chain on one worker. Loop-confined. */
    private record OnWorker(
            CredentialInjectorSpec spec, Stats stats, CredentialSource.Opened source)
            implements HttpFilterFactory {

        @Override
        public HttpFilter newFilter() {
            return new CredentialInjectorFilter(spec, stats, source);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
