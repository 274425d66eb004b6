package dev.attache.proxy.call;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Requests to clusters from code on a worker: filters, loggers. They take the way of the router
 * (balancer, circuit breakers, pool, retries, statistics of the cluster), as those of Envoy's async
 * client do. Loop-confined. No listener hears anything before the method that starts its call has
 * returned.
 */
public interface UpstreamCalls {

    /**
     * Starts a request whose body and response are streamed.
     *
     * @param cluster its name; where this worker has none of it the call fails
     * @param head {@code :method}, {@code :path}, {@code :authority} and what else is to be sent;
     *     the call changes and owns it
     * @param end there is no body
     */
    UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener);

    /**
     * Starts a request, with a body, over a channel: to a target that no cluster is configured for.
     * It waits until the hosts of the target are known.
     */
    UpstreamCall start(
            GrpcChannel channel, Headers head, CallOptions options, CallListener listener);

    /**
     * Sends a whole request and gathers the response, at most {@link
     * CallOptions#maxResponseBytes()} of its body.
     *
     * @param head see {@link #start}; gets a {@code content-length} where there is a body
     * @param body null = none; takes ownership
     */
    default UpstreamCall send(
            String cluster,
            Headers head,
            @Nullable ByteBuf body,
            CallOptions options,
            ResponseListener listener) {
        if (body != null) {
            head.set(HeaderName.CONTENT_LENGTH, body.readableBytes());
        }
        GatheredResponse response = new GatheredResponse(options.maxResponseBytes(), listener);
        UpstreamCall call = start(cluster, head, body == null, options, response);
        response.of(call);
        if (body != null) {
            call.data(body, true);
        }
        return call;
    }
}
