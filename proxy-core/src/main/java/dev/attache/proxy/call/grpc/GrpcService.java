package dev.attache.proxy.call.grpc;

import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.RetryPolicy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.core.v3.GrpcService}: where a service is and how it is called. Immutable.
 *
 * @param authority of its requests
 * @param initialMetadata added to them
 * @param marked whether they say that they are this proxy's own, by {@code x-envoy-internal} and
 *     {@code x-forwarded-for}
 * @param maxMessageBytes of one message that comes back
 * @param retry null = what the cluster says, or never
 * @param timeoutMillis of a unary call; 0 = none
 * @param channel in place of a cluster, or null
 */
public record GrpcService(
        String cluster,
        String authority,
        HeaderMutations initialMetadata,
        boolean marked,
        long maxMessageBytes,
        @Nullable RetryPolicy retry,
        long timeoutMillis,
        @Nullable GrpcChannel channel) {

    /** gRPC is told of a longer message by its length, which comes before it. */
    public static final long NO_LIMIT = Integer.MAX_VALUE;

    /** The service that a cluster's hosts have, without anything said about it. */
    public static GrpcService of(String cluster, long timeoutMillis) {
        return new GrpcService(
                cluster, cluster, HeaderMutations.NONE, true, NO_LIMIT, null, timeoutMillis, null);
    }

    /** The same service, whose unary calls have so long; 0 = no limit. */
    public GrpcService within(long millis) {
        return new GrpcService(
                cluster,
                authority,
                initialMetadata,
                marked,
                maxMessageBytes,
                retry,
                millis,
                channel);
    }

    /** The same service, told more with each call, in place of what has the same name. */
    public GrpcService telling(HeaderMutations more) {
        return new GrpcService(
                cluster,
                authority,
                both(initialMetadata, more),
                marked,
                maxMessageBytes,
                retry,
                timeoutMillis,
                channel);
    }

    /** Additions of both; of those that have one name the later ones. */
    public static HeaderMutations both(HeaderMutations earlier, HeaderMutations later) {
        if (later.isEmpty()) {
            return earlier;
        }
        List<HeaderMutations.Addition> all = new ArrayList<>(earlier.additions());
        for (HeaderMutations.Addition addition : later.additions()) {
            all.removeIf(other -> other.name() == addition.name());
            all.add(addition);
        }
        return new HeaderMutations(all, List.of(), List.of());
    }

    CallOptions options(CallOptions from, boolean unary) {
        CallOptions options =
                channel == null
                        ? from.marked(marked, marked)
                        : from.bare().limits(channel.bufferLimit(), 0);
        if (unary && timeoutMillis > 0) {
            options = options.timeout(timeoutMillis);
        }
        return retry == null ? options : options.retry(retry);
    }
}
