package dev.attache.filters.http.ext_authz;

import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stream.UpstreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * What asking took, in the filter state of the stream under the filter's name. Loop-confined. There
 * is nothing to show of it but its fields.
 */
final class AskingLog implements FilterState.Value {

    private long latencyMicros = -1;
    private long bytesSent = -1;
    private long bytesReceived = -1;

    /**
     * @param call null where it was asked over HTTP, of which no bytes are told
     */
    void answered(long micros, @Nullable GrpcStream call) {
        latencyMicros = micros;
        if (call != null) {
            UpstreamInfo upstream = call.upstream();
            bytesSent = upstream.wireBytesSent;
            bytesReceived = upstream.wireBytesReceived;
        }
    }

    @Override
    public String serializeAsString() {
        return "";
    }

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public boolean hasFields() {
        return true;
    }

    @Override
    public @Nullable String field(String name) {
        Long value = numberField(name);
        return value == null ? null : value.toString();
    }

    @Override
    public @Nullable Long numberField(String name) {
        long value =
                switch (name) {
                    case "latency_us" -> latencyMicros;
                    case "bytesSent" -> bytesSent;
                    case "bytesReceived" -> bytesReceived;
                    default -> -1;
                };
        return value < 0 ? null : Long.valueOf(value);
    }
}
