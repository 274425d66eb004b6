package dev.attache.filters.http.author.blocking;

import dev.attache.filter.Headers;
import dev.attache.filter.Reply;
import dev.attache.filter.StreamContext;
import dev.attache.filter.StreamFacts;
import dev.attache.filters.http.author.stream.AuthorContext;
import dev.attache.filters.http.author.stream.AuthorHeaders;
import dev.attache.filters.http.author.stream.HeaderNames;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream, as a blocking filter's thread sees it: the worker is asked each time. */
final class BlockingContext implements StreamContext {
    private final AuthorContext stream;
    private final HeldMessage request;
    private final StreamTurns turns;

    BlockingContext(AuthorContext stream, HeldMessage request, StreamTurns turns) {
        this.stream = stream;
        this.request = request;
        this.turns = turns;
    }

    private <T extends @Nullable Object> T get(Supplier<T> task) {
        try {
            return turns.get(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the stream has ended", e);
        }
    }

    private void run(Runnable task) {
        get(() -> {
            task.run();
            return Boolean.TRUE;
        });
    }

    @Override
    public String filterName() {
        return stream.filterName();
    }

    @Override
    public StreamFacts facts() {
        StreamFacts facts = stream.facts();
        return (StreamFacts)
                Proxy.newProxyInstance(
                        StreamFacts.class.getClassLoader(),
                        new Class<?>[] {StreamFacts.class},
                        (proxy, method, arguments) -> get(() -> fact(facts, method)));
    }

    private static @Nullable Object fact(StreamFacts facts, Method method) {
        try {
            return method.invoke(facts);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public Headers request() {
        return request.head;
    }

    @Override
    public <T> @Nullable T override(Class<T> type) {
        return this.<@Nullable T>get(() -> stream.override(type));
    }

    @Override
    public <T> List<T> overrides(Class<T> type) {
        return get(() -> stream.overrides(type));
    }

    @Override
    public void reply(Reply reply) {
        run(() -> stream.reply(reply));
    }

    @Override
    public void clearRoute() {
        run(stream::clearRoute);
    }

    @Override
    public @Nullable Object metadata(String namespace, String... path) {
        return this.<@Nullable Object>get(() -> stream.metadata(namespace, path));
    }

    @Override
    public void putMetadata(String namespace, Map<String, ?> fields) {
        run(() -> stream.putMetadata(namespace, fields));
    }

    @Override
    public @Nullable Object state(String key) {
        return this.<@Nullable Object>get(() -> stream.state(key));
    }

    @Override
    public void state(String key, Object value) {
        run(() -> stream.state(key, value));
    }

    @Override
    public System.Logger log() {
        return stream.log();
    }

    @Override
    public Headers newHeaders() {
        return new AuthorHeaders(new dev.attache.proxy.http.Headers(), new HeaderNames());
    }
}
