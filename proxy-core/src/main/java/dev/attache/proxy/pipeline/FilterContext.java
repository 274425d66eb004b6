package dev.attache.proxy.pipeline;

import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.tracing.StreamTrace;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one filter may do and know on one stream. One object per filter and stream; loop-confined: a
 * call from another thread is an {@link IllegalStateException} there; dead after {@link
 * HttpFilter#onStreamEnd}.
 */
public interface FilterContext {

    /** The name of this filter in the chain. */
    String filterName();

    StreamInfo info();

    /** Who pays for what a filter holds of this stream, beyond what the pipeline holds for it. */
    MemoryAccount memory();

    Connection connection();

    /** The request as it is now; its owner is the stream. */
    Headers requestHeaders();

    /** The route, chosen on first use; null: none matches. */
    @Nullable Route route();

    /** The cluster that the route means; null where there is no route or it does not forward. */
    @Nullable ClusterSelection cluster();

    /** Headers changed: choose the route again when it is next asked for. */
    void clearRoute();

    /**
     * This filter's entry of {@code typed_per_filter_config} for the route, the most specific one
     * that has a configuration, or null.
     */
    <T> @Nullable T override(Class<T> type);

    /** This filter's entries of every level that has one, the most specific first. */
    <T> List<T> overrides(Class<T> type);

    /** Answers the request; the reply runs through the response side of all filters. */
    Step respond(LocalReply reply);

    /**
     * Answers with headers alone, through the response side of all filters, as they are: no body,
     * no local reply configuration, no translation for gRPC.
     *
     * @param details Envoy's response code details
     */
    Step answer(Headers headers, String details);

    /**
     * Ends this stream without an answer and starts the request again, from the first filter, as
     * its headers are now: an internal redirect. Only once the request is whole and nothing has
     * been answered. This context is dead afterwards.
     *
     * @param body the whole body, or null; takes ownership
     * @param response what led to it, for log and statistics
     */
    void recreateStream(@Nullable ByteBuf body, Headers response);

    /**
     * A timer of this filter: what {@code task} throws costs this stream and names the filter, as
     * what its methods throw does. To be armed on the worker's timers, cancelled at {@link
     * HttpFilter#onStreamEnd}.
     */
    Timer timer(Runnable task);

    /**
     * {@code callback} as this filter gives it away, to be called on the stream's worker: what it
     * throws costs this stream and names the filter.
     */
    Runnable guarded(Runnable callback);

    /**
     * Calls to clusters on behalf of this stream: they end with it, it pays for what they hold, and
     * what their listeners throw costs it and names the filter. A call that is to outlive the
     * stream is made by {@link HttpFilterScope#calls()}.
     */
    UpstreamCalls calls();

    /** The request's trace, for spans of what a filter does elsewhere; null: nothing is traced. */
    @Nullable StreamTrace trace();

    /** Where a filter that answers by itself (the router) puts the response. */
    HttpSink response();

    /** Goes on behind this filter after {@link Step#PAUSE}. */
    void resume(Direction direction);

    /**
     * Deals with the headers itself after {@link Step#PAUSE}, as with {@link Step#DONE}: they do
     * not go on, and what waits in front of this filter is shown to it.
     */
    void takeOver(Direction direction);

    /** Lets the filter see the body although its headers are held; ask before answering PAUSE. */
    void streamWhilePaused(Direction direction);

    /**
     * Passes a head on behind this filter, as the beginning of a message of its own making: where a
     * body or trailers are to follow a head that had none, where a body is to go, or in place of a
     * head that the filter holds, whose end goes when the filter goes on. The filter answers {@link
     * Step#DONE} where it was shown the head.
     *
     * @param end nothing follows; what still comes from the source is dropped
     */
    void injectHeaders(Direction direction, Headers headers, boolean end);

    /**
     * Passes a piece of body on behind this filter; takes ownership. A head that the filter holds,
     * and body that it let go on and holds, go first; an end that came with them goes when the
     * filter goes on.
     *
     * @param end nothing follows; what still comes from the source is dropped
     * @throws IllegalStateException this filter has ended the message before
     */
    void inject(Direction direction, ByteBuf data, boolean end);

    /**
     * Ends the message with trailers behind this filter; what it holds goes first, and what still
     * comes from the source is dropped.
     *
     * @throws IllegalStateException this filter has ended the message before
     */
    void injectTrailers(Direction direction, Headers trailers);

    /**
     * Answers as the pipeline does where it gathers more than {@link #bufferLimit}, for a filter
     * that gathers by itself: 413, or 500 for a response.
     */
    Step tooLarge(Direction direction);

    /** How much the pipeline holds for a filter that pauses or gathers a body, in bytes. */
    long bufferLimit();

    /** Changes that limit for the rest of this stream. */
    void bufferLimit(long bytes);

    /** The source of that direction: the client's request, or what was named by {@link #source}. */
    Valve valve(Direction direction);

    /**
     * Names one more source of that direction: where this filter gets what it passes on. It is held
     * along with the first one, while the client reads slowly, or the upstream.
     */
    void feeds(Direction direction, Valve source);

    /** Names the source of the response, to be held while the client reads slowly. */
    void source(Valve response);
}
