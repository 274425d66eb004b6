package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;

/** For tests in which nothing calls anybody. */
public enum NoCalls implements ScopedCalls {
    NO_CALLS;

    @Override
    public UpstreamCalls within(CallScope scope) {
        return this;
    }

    @Override
    public UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener) {
        throw new AssertionError("a call to " + cluster);
    }

    @Override
    public UpstreamCall start(
            GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
        throw new AssertionError("a call to " + channel.target().spec().name());
    }
}
