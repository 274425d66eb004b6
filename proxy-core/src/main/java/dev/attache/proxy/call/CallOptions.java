package dev.attache.proxy.call;

import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * How a call is made. Immutable.
 *
 * @param timeoutMillis from the end of the request to the end of the response; 0 = none
 * @param retry null = what the cluster says, or never
 * @param internal whether {@code x-envoy-internal: true} is sent, which also counts the call under
 *     {@code internal.} of the cluster instead of {@code external.}
 * @param forwardedFor whether this host's address is appended to {@code x-forwarded-for}
 * @param bufferLimit how much of a body may wait for a connection, or be kept for a retry, in bytes
 * @param maxResponseBytes of a response that is gathered
 * @param payer of what the call holds, or null: the worker
 * @param client the client's stream of which this is a copy: its protocol and facts choose host and
 *     connection; null for a request of our own
 */
public record CallOptions(
        long timeoutMillis,
        @Nullable RetryPolicy retry,
        boolean internal,
        boolean forwardedFor,
        long bufferLimit,
        long maxResponseBytes,
        @Nullable MemoryAccount payer,
        @Nullable StreamInfo client) {

    /** Envoy's {@code http.async_response_buffer_limit}. */
    private static final long MAX_RESPONSE = 32L << 20;

    private static final long BUFFER_LIMIT = 1 << 20;

    /** As Envoy's async client does it unless told otherwise, without a timeout. */
    public static final CallOptions DEFAULT =
            new CallOptions(0, null, true, true, BUFFER_LIMIT, MAX_RESPONSE, null, null);

    public CallOptions timeout(long millis) {
        return new CallOptions(
                millis,
                retry,
                internal,
                forwardedFor,
                bufferLimit,
                maxResponseBytes,
                payer,
                client);
    }

    public CallOptions retry(@Nullable RetryPolicy policy) {
        return new CallOptions(
                timeoutMillis,
                policy,
                internal,
                forwardedFor,
                bufferLimit,
                maxResponseBytes,
                payer,
                client);
    }

    /** Whether the upstream is told that the request is this proxy's own. */
    public CallOptions marked(boolean asInternal, boolean withForwardedFor) {
        return new CallOptions(
                timeoutMillis,
                retry,
                asInternal,
                withForwardedFor,
                bufferLimit,
                maxResponseBytes,
                payer,
                client);
    }

    public CallOptions limits(long ofBuffer, long ofResponse) {
        return new CallOptions(
                timeoutMillis, retry, internal, forwardedFor, ofBuffer, ofResponse, payer, client);
    }

    public CallOptions paidBy(MemoryAccount account) {
        return new CallOptions(
                timeoutMillis,
                retry,
                internal,
                forwardedFor,
                bufferLimit,
                maxResponseBytes,
                account,
                client);
    }

    public CallOptions copyOf(StreamInfo stream) {
        return new CallOptions(
                timeoutMillis,
                retry,
                internal,
                forwardedFor,
                bufferLimit,
                maxResponseBytes,
                payer,
                stream);
    }
}
