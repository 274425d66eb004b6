package dev.attache.proxy.tracing;

import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** Says and passes on nothing. */
final class NoSpan implements Span {

    @Override
    public boolean isSampled() {
        return false;
    }

    @Override
    public void sampled(boolean sampled) {}

    @Override
    public boolean isDecidedHere() {
        return false;
    }

    @Override
    public void operation(String name) {}

    @Override
    public void tag(String name, String value) {}

    @Override
    public void event(long epochNanos, String name) {}

    @Override
    public void inject(Headers request, @Nullable String peer) {}

    @Override
    public Span child(String operation, long epochNanos) {
        return this;
    }

    @Override
    public String traceId() {
        return "";
    }

    @Override
    public String spanId() {
        return "";
    }

    @Override
    public void finish(long epochNanos) {}
}
