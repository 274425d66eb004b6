package dev.attache.proxy.pipeline;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.tracing.StreamTrace;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a pipeline needs of the stream that it serves. */
public interface StreamOwner {

    /** Where responses leave. */
    HttpSink responseSink();

    StreamInfo info();

    /** Who pays for what the stream makes the pipeline and its filters hold. */
    MemoryAccount memory();

    Connection connection();

    Headers requestHeaders();

    @Nullable Route route();

    /** Chosen together with the route; null where there is none or it does not forward. */
    @Nullable ClusterSelection cluster();

    void clearRoute();

    /** The override of the filter named so in the chain, from the route, or null. */
    @Nullable FilterOverride override(String filterName);

    /** Makes the reply's headers and sends it through {@link FilterPipeline#reply}. */
    void localReply(LocalReply reply);

    /** See {@link FilterContext#recreateStream}. */
    void recreate(@Nullable ByteBuf body, Headers response);

    /** The request's trace; null where nothing is traced. */
    default @Nullable StreamTrace trace() {
        return null;
    }

    /** Calls to clusters, by code on the stream's worker. */
    ScopedCalls calls();

    /** The request's source. */
    Valve requestSource();

    /** The response's source has been named. */
    void responseSource(Valve source);

    /** How much a filter may make the pipeline hold, in bytes. */
    long bufferLimit();

    /**
     * A filter threw where it may not: for log and statistics. What becomes of the stream is said
     * by {@link #localReply}, where something becomes of it.
     *
     * @param callback the method of {@link HttpFilter} that threw
     */
    void filterFailed(String filter, String callback, Throwable why);

    /** A filter gathers more of that direction than it may; {@link #localReply} follows. */
    default void tooLarge(Direction direction) {}

    /** The request ran past the last filter: nobody answered it. */
    void onUnanswered();
}
