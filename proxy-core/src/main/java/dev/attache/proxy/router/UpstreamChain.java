package dev.attache.proxy.router;

import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.OpenedFilters;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.upstream.CallPassage;
import dev.attache.proxy.upstream.OpenUpstreamFilters;
import dev.attache.proxy.upstream.PassingCall;
import org.jspecify.annotations.Nullable;

/**
 * Upstream filters opened on one worker, of a cluster or of a router. Lives until the last attempt
 * that passes them is over. Loop-confined.
 */
public final class UpstreamChain implements OpenUpstreamFilters {

    private static final String CODEC = "envoy.filters.http.upstream_codec";

    private final HttpFilterChain chain;
    private final HttpFilterScope scope;

    /** Null while they are closed. */
    private @Nullable OpenedFilters filters;

    private int attempts;
    private boolean retired;

    /**
     * @throws dev.attache.proxy.pipeline.FilterOpenException if one cannot be opened
     */
    public UpstreamChain(HttpFilterChain chain, HttpFilterScope scope) {
        this.chain = chain;
        this.scope = scope;
        this.filters = new OpenedFilters(chain.filters(), scope);
    }

    /** Those of one attempt, which calls {@link #leave} when it is over. */
    FilterPipeline enter(StreamOwner owner, HttpFilter codec) {
        OpenedFilters open = filters;
        if (open == null) {
            // The cluster went while the request waited for a further attempt.
            open = new OpenedFilters(chain.filters(), scope);
            filters = open;
        }
        attempts++;
        return open.pipeline(owner, codec, CODEC);
    }

    @Override
    public CallPassage enter(PassingCall attempt) {
        return new CallFilters(attempt, this, scope);
    }

    void leave() {
        attempts--;
        closeWhenDone();
    }

    @Override
    public void retire() {
        retired = true;
        closeWhenDone();
    }

    private void closeWhenDone() {
        OpenedFilters open = filters;
        if (retired && attempts == 0 && open != null) {
            filters = null;
            open.close();
        }
    }
}
