package dev.attache.server.plane;

import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.Headers;

/** Calls where none are expected. */
final class NoCalls implements UpstreamCalls {

    @Override
    public UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener) {
        throw new AssertionError("nothing is called");
    }

    @Override
    public UpstreamCall start(
            GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
        throw new AssertionError("nothing is called");
    }
}
