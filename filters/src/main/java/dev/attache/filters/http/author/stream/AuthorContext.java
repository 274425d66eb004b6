package dev.attache.filters.http.author.stream;

import dev.attache.filter.CallListener;
import dev.attache.filter.CallRequest;
import dev.attache.filter.Cancellable;
import dev.attache.filter.Chunk;
import dev.attache.filter.Direction;
import dev.attache.filter.Headers;
import dev.attache.filter.Reply;
import dev.attache.filter.StreamFacts;
import dev.attache.filter.StreamingContext;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One stream, as the filter of an author sees it. Loop-confined: other threads are refused. */
public final class AuthorContext implements StreamingContext {
    final FilterContext context;
    private final AuthorScope scope;
    private final OwnThread thread;
    private @Nullable AuthorHeaders request;
    private @Nullable AuthorHeaders last;
    private @Nullable List<Timer> timers;
    private boolean replied;
    private boolean ended;

    public AuthorContext(FilterContext context, AuthorScope scope) {
        this.context = context;
        this.scope = scope;
        this.thread = new OwnThread(context.filterName());
    }

    /** The stream has ended: nothing of the filter's is called any more. */
    public void end() {
        ended = true;
        if (timers != null) {
            timers.forEach(Timer::cancel);
        }
    }

    /** The filter has answered by itself. */
    public boolean replied() {
        return replied;
    }

    /** Headers of this stream, for its filter. */
    public AuthorHeaders wrap(dev.attache.proxy.http.Headers fields) {
        AuthorHeaders known = last;
        if (known == null || known.fields != fields) {
            known = new AuthorHeaders(fields, scope.names);
            last = known;
        }
        return known;
    }

    private static dev.attache.proxy.pipeline.Direction engine(Direction direction) {
        return direction == Direction.REQUEST
                ? dev.attache.proxy.pipeline.Direction.REQUEST
                : dev.attache.proxy.pipeline.Direction.RESPONSE;
    }

    @Override
    public String filterName() {
        return context.filterName();
    }

    @Override
    public StreamFacts facts() {
        return new ContextFacts(context, thread);
    }

    @Override
    public Headers request() {
        thread.check("request");
        dev.attache.proxy.http.Headers now = context.requestHeaders();
        AuthorHeaders known = request;
        if (known == null || known.fields != now) {
            known = new AuthorHeaders(now, scope.names);
            request = known;
        }
        return known;
    }

    @Override
    public <T> @Nullable T override(Class<T> type) {
        thread.check("override");
        return context.override(type);
    }

    @Override
    public <T> List<T> overrides(Class<T> type) {
        thread.check("overrides");
        return context.overrides(type);
    }

    @Override
    public void reply(Reply reply) {
        thread.check("reply");
        replied = true;
        context.respond(local(reply));
    }

    private LocalReply local(Reply reply) {
        String details =
                reply.details().isEmpty()
                        ? "filter_reply{" + filterName().replace(' ', '_') + "}"
                        : reply.details();
        LocalReply local = LocalReply.of(reply.status(), PlainValues.octets(reply.body()), details);
        for (Map.Entry<String, String> field : reply.headers()) {
            local =
                    local.with(
                            scope.names.of(field.getKey()), AuthorHeaders.octets(field.getValue()));
        }
        return local;
    }

    @Override
    public void clearRoute() {
        thread.check("clearRoute");
        context.clearRoute();
    }

    @Override
    public @Nullable Object metadata(String namespace, String... path) {
        thread.check("metadata");
        MetadataValue value = context.info().dynamicMetadata().get(namespace, List.of(path));
        return value == null ? null : PlainValues.of(value);
    }

    @Override
    public void putMetadata(String namespace, Map<String, ?> fields) {
        thread.check("putMetadata");
        context.info().dynamicMetadata().merge(namespace, PlainValues.struct(fields));
    }

    @Override
    public @Nullable Object state(String key) {
        thread.check("state");
        FilterState.Value value = context.info().filterState().get(key);
        return value == null ? null : PlainValues.of(value);
    }

    @Override
    public void state(String key, Object value) {
        thread.check("state");
        context.info().filterState().set(key, PlainValues.state(value));
    }

    @Override
    public System.Logger log() {
        return scope.log;
    }

    @Override
    public Headers newHeaders() {
        return new AuthorHeaders(new dev.attache.proxy.http.Headers(), scope.names);
    }

    @Override
    public void resume(Direction direction) {
        thread.check("resume");
        context.resume(engine(direction));
    }

    @Override
    public void streamWhilePaused(Direction direction) {
        thread.check("streamWhilePaused");
        context.streamWhilePaused(engine(direction));
    }

    @Override
    public void injectHeaders(Direction direction, Headers headers, boolean end) {
        thread.check("injectHeaders");
        context.injectHeaders(engine(direction), AuthorHeaders.fields(headers), end);
    }

    @Override
    public void inject(Direction direction, byte[] data, boolean end) {
        thread.check("inject");
        inject(direction, Unpooled.copiedBuffer(data), end);
    }

    @Override
    public void inject(Direction direction, ByteBuffer data, boolean end) {
        thread.check("inject");
        inject(direction, Unpooled.copiedBuffer(data), end);
    }

    @Override
    public void inject(Direction direction, Chunk chunk, boolean end) {
        thread.check("inject");
        if (!(chunk instanceof GuardedChunk own)) {
            throw new IllegalArgumentException("not a chunk that this filter was shown");
        }
        inject(direction, own.retained(), end);
    }

    private void inject(Direction direction, ByteBuf data, boolean end) {
        context.inject(engine(direction), data, end);
    }

    @Override
    public void injectTrailers(Direction direction, Headers trailers) {
        thread.check("injectTrailers");
        context.injectTrailers(engine(direction), AuthorHeaders.fields(trailers));
    }

    @Override
    public long bufferLimit() {
        thread.check("bufferLimit");
        return context.bufferLimit();
    }

    @Override
    public void bufferLimit(long bytes) {
        thread.check("bufferLimit");
        context.bufferLimit(bytes);
    }

    @Override
    public void holdSource(Direction direction) {
        thread.check("holdSource");
        context.valve(engine(direction)).hold();
    }

    @Override
    public void releaseSource(Direction direction) {
        thread.check("releaseSource");
        context.valve(engine(direction)).release();
    }

    @Override
    public Cancellable after(Duration delay, Runnable task) {
        thread.check("after");
        List<Timer> armed = timers;
        if (armed == null) {
            armed = new ArrayList<>(2);
            timers = armed;
        }
        List<Timer> all = armed;
        all.removeIf(timer -> !timer.armed());
        Timer timer = context.timer(task);
        all.add(timer);
        scope.scope.worker().timers().schedule(timer, Math.max(0, delay.toMillis()));
        return timer::cancel;
    }

    @Override
    public Cancellable call(CallRequest request, CallListener listener) {
        thread.check("call");
        return AuthorCalls.start(request, listener, context, scope.names);
    }

    @Override
    public Executor executor() {
        EventLoop loop = scope.scope.worker().eventLoop();
        return task ->
                loop.execute(() -> {
                    if (!ended) {
                        context.guarded(task).run();
                    }
                });
    }
}
