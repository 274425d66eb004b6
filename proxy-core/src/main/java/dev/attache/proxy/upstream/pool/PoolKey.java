package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What tells the pools of one host apart. Looking one up changes a single key of its owner and
 * makes none ({@link #set}); what stands in a map is a {@link #copy}, which nobody changes.
 * Loop-confined.
 */
final class PoolKey {

    private HttpPool.@Nullable Kind kind;
    private Priority priority = Priority.DEFAULT;
    private TransportOptions options = TransportOptions.NONE;
    private long downstream;

    /**
     * @param wantedKind null = TCP
     * @param wantedDownstream the downstream connection that it belongs to, or {@link
     *     HostPools#SHARED}
     */
    PoolKey set(
            HttpPool.@Nullable Kind wantedKind,
            Priority wantedPriority,
            TransportOptions wantedOptions,
            long wantedDownstream) {
        kind = wantedKind;
        priority = wantedPriority;
        options = wantedOptions;
        downstream = wantedDownstream;
        return this;
    }

    PoolKey copy() {
        return new PoolKey().set(kind, priority, options, downstream);
    }

    Priority priority() {
        return priority;
    }

    boolean isTcp() {
        return kind == null;
    }

    /** Any request without wishes of its own leads to it. */
    boolean isPlain() {
        return downstream == HostPools.SHARED && options.equals(TransportOptions.NONE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PoolKey that
                && kind == that.kind
                && priority == that.priority
                && downstream == that.downstream
                && (options == that.options || options.equals(that.options));
    }

    @Override
    public int hashCode() {
        int uses = (kind == null ? 3 : kind.ordinal()) * 2 + priority.ordinal();
        int own = options == TransportOptions.NONE ? 0 : options.hashCode();
        return (own * 31 + Long.hashCode(downstream)) * 31 + uses;
    }
}
