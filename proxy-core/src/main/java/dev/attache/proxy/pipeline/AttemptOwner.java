package dev.attache.proxy.pipeline;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.tracing.StreamTrace;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What upstream filters find around them: the stream for which the router makes an attempt, with
 * its route, its headers and what is known of it. Loop-confined.
 */
public abstract class AttemptOwner implements StreamOwner {

    private final StreamOwner stream;

    /**
     * @param router the context of the filter that makes the attempt
     */
    protected AttemptOwner(FilterContext router) {
        this.stream = FilterPipeline.owner(router);
    }

    @Override
    public final StreamInfo info() {
        return stream.info();
    }

    @Override
    public final MemoryAccount memory() {
        return stream.memory();
    }

    @Override
    public final Connection connection() {
        return stream.connection();
    }

    @Override
    public final @Nullable StreamTrace trace() {
        return stream.trace();
    }

    @Override
    public final ScopedCalls calls() {
        return stream.calls();
    }

    @Override
    public final Headers requestHeaders() {
        return stream.requestHeaders();
    }

    @Override
    public final @Nullable Route route() {
        return stream.route();
    }

    @Override
    public final @Nullable ClusterSelection cluster() {
        return stream.cluster();
    }

    /** Of no use any more: the request is on its way. */
    @Override
    public final void clearRoute() {}

    @Override
    public final @Nullable FilterOverride override(String filterName) {
        return stream.override(filterName);
    }

    @Override
    public final void recreate(@Nullable ByteBuf body, Headers response) {
        if (body != null) {
            body.release();
        }
        throw new IllegalStateException("an upstream filter cannot begin the request again");
    }

    @Override
    public final Valve requestSource() {
        return stream.requestSource();
    }

    /** The stream holds what its router has named. */
    @Override
    public final void responseSource(Valve source) {}

    @Override
    public final void filterFailed(String filter, String callback, Throwable why) {
        stream.filterFailed(filter, callback, why);
    }

    @Override
    public final void onUnanswered() {
        throw new IllegalStateException("the codec stands behind all upstream filters");
    }
}
