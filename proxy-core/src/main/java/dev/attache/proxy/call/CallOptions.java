package dev.attache.proxy.call;

import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * How a call is made: {@link #DEFAULT}, changed by what each method says. Immutable; each of these
 * methods gives another one.
 */
public final class CallOptions {

    /** As Envoy's async client does it unless told otherwise, without a timeout. */
    public static final CallOptions DEFAULT = new CallOptions();

    private long timeoutMillis;
    private @Nullable RetryPolicy retry;
    private boolean internal = true;
    private boolean forwardedFor = true;
    private long bufferLimit = 1 << 20;

    /** Envoy's {@code http.async_response_buffer_limit}. */
    private long maxResponseBytes = 32L << 20;

    private @Nullable MemoryAccount payer;
    private @Nullable StreamInfo client;
    private MetadataValue.@Nullable Struct metadataMatch;
    private boolean bare;
    private boolean report;
    private @Nullable CallSpan span;

    private CallOptions() {}

    /** Until it is given out the copy may be changed. */
    private CallOptions copy() {
        CallOptions copy = new CallOptions();
        copy.timeoutMillis = timeoutMillis;
        copy.retry = retry;
        copy.internal = internal;
        copy.forwardedFor = forwardedFor;
        copy.bufferLimit = bufferLimit;
        copy.maxResponseBytes = maxResponseBytes;
        copy.payer = payer;
        copy.client = client;
        copy.metadataMatch = metadataMatch;
        copy.bare = bare;
        copy.report = report;
        copy.span = span;
        return copy;
    }

    /**
     * @param millis from the end of the request to the end of the response; 0 = none
     */
    public CallOptions timeout(long millis) {
        CallOptions copy = copy();
        copy.timeoutMillis = millis;
        return copy;
    }

    /**
     * @param policy null = what the cluster says, or never
     */
    public CallOptions retry(@Nullable RetryPolicy policy) {
        CallOptions copy = copy();
        copy.retry = policy;
        return copy;
    }

    /**
     * Whether the upstream is told that the request is this proxy's own.
     *
     * @param asInternal {@code x-envoy-internal: true} is sent, which also counts the call under
     *     {@code internal.} of the cluster instead of {@code external.}
     * @param withForwardedFor this host's address is appended to {@code x-forwarded-for}
     */
    public CallOptions marked(boolean asInternal, boolean withForwardedFor) {
        CallOptions copy = copy();
        copy.internal = asInternal;
        copy.forwardedFor = withForwardedFor;
        return copy;
    }

    /**
     * @param ofBuffer how much of a body may wait for a connection, or be kept for a retry, in
     *     bytes
     * @param ofResponse of the body of a response that is gathered, in bytes
     */
    public CallOptions limits(long ofBuffer, long ofResponse) {
        CallOptions copy = copy();
        copy.bufferLimit = ofBuffer;
        copy.maxResponseBytes = ofResponse;
        return copy;
    }

    /** Who pays for what the call holds; otherwise the worker does. */
    public CallOptions paidBy(MemoryAccount account) {
        CallOptions copy = copy();
        copy.payer = account;
        return copy;
    }

    /**
     * The call copies the request of a client, whose protocol and facts choose host and connection.
     *
     * @param metadataMatch which subset of hosts it wants, or null
     */
    public CallOptions copyOf(StreamInfo stream, MetadataValue.@Nullable Struct metadataMatch) {
        CallOptions copy = copy();
        copy.client = stream;
        copy.metadataMatch = metadataMatch;
        return copy;
    }

    /**
     * The call wants a subset of hosts.
     *
     * @param criteria what they have below {@code envoy.lb}, or null
     */
    public CallOptions wanting(MetadataValue.@Nullable Struct criteria) {
        CallOptions copy = copy();
        copy.metadataMatch = criteria;
        return copy;
    }

    /**
     * The call goes as it is, as from a client of its own: nothing is added to its head, and it is
     * not counted with those of Envoy's async client.
     */
    public CallOptions bare() {
        CallOptions copy = marked(false, false);
        copy.bare = true;
        return copy;
    }

    boolean isBare() {
        return bare;
    }

    /**
     * The call carries what has been gathered of others, log entries, spans or statistics: a worker
     * that ends waits for it a little.
     */
    public CallOptions report() {
        CallOptions copy = copy();
        copy.report = true;
        return copy;
    }

    boolean isReport() {
        return report;
    }

    /** The call is a span of a trace, and its upstream is told of it. */
    public CallOptions span(@Nullable CallSpan of) {
        CallOptions copy = copy();
        copy.span = of;
        return copy;
    }

    /** From the end of the request to the end of the response; 0 = none. */
    public long timeoutMillis() {
        return timeoutMillis;
    }

    @Nullable RetryPolicy retry() {
        return retry;
    }

    boolean internal() {
        return internal;
    }

    boolean forwardedFor() {
        return forwardedFor;
    }

    long bufferLimit() {
        return bufferLimit;
    }

    long maxResponseBytes() {
        return maxResponseBytes;
    }

    /** Null: the worker. */
    public @Nullable MemoryAccount payer() {
        return payer;
    }

    public @Nullable CallSpan span() {
        return span;
    }

    MetadataValue.@Nullable Struct metadataMatch() {
        return metadataMatch;
    }

    @Nullable StreamInfo client() {
        return client;
    }
}
