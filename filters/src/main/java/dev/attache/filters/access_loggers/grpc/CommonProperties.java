package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.MetadataWriter;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.tracing.CustomTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.data.accesslog.v3.AccessLogCommon}, as Envoy fills it. Stateless. */
final class CommonProperties {

    private static final int DOWNSTREAM_REMOTE_ADDRESS = 2;
    private static final int DOWNSTREAM_LOCAL_ADDRESS = 3;
    private static final int START_TIME = 5;
    private static final int TIME_TO_LAST_RX_BYTE = 6;
    private static final int TIME_TO_FIRST_UPSTREAM_TX_BYTE = 7;
    private static final int TIME_TO_LAST_UPSTREAM_TX_BYTE = 8;
    private static final int TIME_TO_FIRST_UPSTREAM_RX_BYTE = 9;
    private static final int TIME_TO_LAST_UPSTREAM_RX_BYTE = 10;
    private static final int TIME_TO_FIRST_DOWNSTREAM_TX_BYTE = 11;
    private static final int TIME_TO_LAST_DOWNSTREAM_TX_BYTE = 12;
    private static final int UPSTREAM_REMOTE_ADDRESS = 13;
    private static final int UPSTREAM_LOCAL_ADDRESS = 14;
    private static final int UPSTREAM_CLUSTER = 15;
    private static final int METADATA = 17;
    private static final int UPSTREAM_TRANSPORT_FAILURE_REASON = 18;
    private static final int ROUTE_NAME = 19;
    private static final int DOWNSTREAM_DIRECT_REMOTE_ADDRESS = 20;
    private static final int FILTER_STATE_OBJECTS = 21;
    private static final int CUSTOM_TAGS = 22;
    private static final int DURATION = 23;
    private static final int UPSTREAM_REQUEST_ATTEMPT_COUNT = 24;
    private static final int CONNECTION_TERMINATION_DETAILS = 25;
    private static final int STREAM_ID = 26;
    private static final int INTERMEDIATE_LOG_ENTRY = 27;
    private static final int DOWNSTREAM_TRANSPORT_FAILURE_REASON = 28;
    private static final int DOWNSTREAM_WIRE_BYTES_SENT = 29;
    private static final int DOWNSTREAM_WIRE_BYTES_RECEIVED = 30;
    private static final int UPSTREAM_WIRE_BYTES_SENT = 31;
    private static final int UPSTREAM_WIRE_BYTES_RECEIVED = 32;
    private static final int ACCESS_LOG_TYPE = 33;

    private static final int KEY = 1;
    private static final int VALUE = 2;

    private CommonProperties() {}

    /**
     * Writes the message's fields.
     *
     * @param filterState {@code filter_state_objects_to_log}
     * @param tags {@code custom_tags}
     */
    static void write(
            MessageWriter out,
            FormatContext entry,
            List<String> filterState,
            List<CustomTag> tags) {
        StreamInfo info = entry.info();
        ConnectionInfo downstream = info.downstream();
        address(out, DOWNSTREAM_REMOTE_ADDRESS, info.downstreamRemoteAddress());
        address(out, DOWNSTREAM_LOCAL_ADDRESS, downstream.localAddress());
        TlsProperties.write(out, downstream);
        startTime(out, info.startTimeMillis());
        UpstreamInfo upstream = info.upstream();
        times(out, info, upstream);
        if (upstream != null) {
            upstream(out, info, upstream);
        }
        LoggedFlags.write(out, info);
        if (upstream != null && upstream.transportFailureReason != null) {
            out.octets(UPSTREAM_TRANSPORT_FAILURE_REASON, upstream.transportFailureReason);
        }
        out.text(ROUTE_NAME, info.routeName);
        address(out, DOWNSTREAM_DIRECT_REMOTE_ADDRESS, downstream.directRemoteAddress());
        state(out, entry, upstream, filterState);
        for (int i = 0; i < tags.size(); i++) {
            tag(out, entry, tags.get(i));
        }
        if (info.endNanos != -1) {
            span(out, DURATION, info.startNanos(), info.endNanos);
        }
        out.number(UPSTREAM_REQUEST_ATTEMPT_COUNT, info.attemptCount);
        optional(out, CONNECTION_TERMINATION_DETAILS, downstream.terminationDetails());
        out.octets(STREAM_ID, entry.streamId());
        out.flag(INTERMEDIATE_LOG_ENTRY, info.endNanos == -1);
        optional(out, DOWNSTREAM_TRANSPORT_FAILURE_REASON, downstream.transportFailureReason());
        out.number(DOWNSTREAM_WIRE_BYTES_SENT, info.downstreamWireBytesSent);
        out.number(DOWNSTREAM_WIRE_BYTES_RECEIVED, info.downstreamWireBytesReceived);
        if (upstream != null) {
            out.number(UPSTREAM_WIRE_BYTES_SENT, upstream.wireBytesSent);
            out.number(UPSTREAM_WIRE_BYTES_RECEIVED, upstream.wireBytesReceived);
        }
        out.number(ACCESS_LOG_TYPE, number(entry.accessLogType()));
    }

    private static void times(MessageWriter out, StreamInfo info, @Nullable UpstreamInfo upstream) {
        long start = info.startNanos();
        span(out, TIME_TO_LAST_RX_BYTE, start, info.lastDownstreamRxNanos);
        if (upstream != null) {
            span(out, TIME_TO_FIRST_UPSTREAM_TX_BYTE, start, upstream.firstTxNanos);
            span(out, TIME_TO_LAST_UPSTREAM_TX_BYTE, start, upstream.lastTxNanos);
            span(out, TIME_TO_FIRST_UPSTREAM_RX_BYTE, start, upstream.firstRxNanos);
            span(out, TIME_TO_LAST_UPSTREAM_RX_BYTE, start, upstream.lastRxNanos);
        }
        span(out, TIME_TO_FIRST_DOWNSTREAM_TX_BYTE, start, info.firstDownstreamTxNanos);
        span(out, TIME_TO_LAST_DOWNSTREAM_TX_BYTE, start, info.lastDownstreamTxNanos);
    }

    private static void upstream(MessageWriter out, StreamInfo info, UpstreamInfo upstream) {
        if (upstream.host != null) {
            address(out, UPSTREAM_REMOTE_ADDRESS, upstream.host);
        }
        if (upstream.localAddress != null) {
            address(out, UPSTREAM_LOCAL_ADDRESS, upstream.localAddress);
        }
        // The cluster's of the host: without one there is none, whatever the route says.
        if (upstream.host != null && info.clusterName != null) {
            out.text(UPSTREAM_CLUSTER, info.clusterName);
        }
    }

    private static void state(
            MessageWriter out,
            FormatContext entry,
            @Nullable UpstreamInfo upstream,
            List<String> keys) {
        StreamInfo info = entry.info();
        DynamicMetadata metadata = info.dynamicMetadata();
        if (metadata.isEmpty() && entry.requestHeaders() == null) {
            // That of a connection is its own stream's.
            metadata = info.downstream().dynamicMetadata();
        }
        if (!metadata.isEmpty()) {
            int begun = out.begin(METADATA);
            MetadataWriter.metadata(out, metadata.snapshot());
            out.end(begun);
        }
        for (int i = 0; i < keys.size(); i++) {
            FilterState.Value value = info.filterState().get(keys.get(i));
            if (value == null && upstream != null && upstream.filterState != null) {
                value = upstream.filterState.get(keys.get(i));
            }
            if (value != null && value.isText()) {
                int begun = out.begin(FILTER_STATE_OBJECTS);
                out.text(KEY, keys.get(i));
                int any = out.begin(VALUE);
                MetadataWriter.anyText(out, value.serializeAsString());
                out.end(any);
                out.end(begun);
            }
        }
    }

    /** What has no value is not told. */
    private static void tag(MessageWriter out, FormatContext entry, CustomTag tag) {
        String value = tag.told(entry);
        if (value != null) {
            int begun = out.begin(CUSTOM_TAGS);
            out.octets(KEY, tag.name());
            out.octets(VALUE, value);
            out.end(begun);
        }
    }

    private static void optional(MessageWriter out, int field, @Nullable String value) {
        if (value != null) {
            out.octets(field, value);
        }
    }

    private static void startTime(MessageWriter out, long millis) {
        int begun = out.begin(START_TIME);
        out.number(1, millis / 1000);
        out.number(2, millis % 1000 * 1_000_000);
        out.end(begun);
    }

    /** A duration, where the moment has come. */
    private static void span(MessageWriter out, int field, long from, long to) {
        if (to == -1) {
            return;
        }
        long nanos = Math.max(0, to - from);
        int begun = out.begin(field);
        out.number(1, nanos / 1_000_000_000);
        out.number(2, nanos % 1_000_000_000);
        out.end(begun);
    }

    private static void address(MessageWriter out, int field, Address address) {
        int begun = out.begin(field);
        switch (address) {
            case IpAddress ip -> {
                int socket = out.begin(1);
                out.text(2, ip.host());
                // One of a oneof: there with 0, too.
                out.numberAlways(3, ip.port());
                out.end(socket);
            }
            case PipeAddress pipe -> {
                int socket = out.begin(2);
                out.text(1, pipe.path());
                out.end(socket);
            }
            case InternalAddress internal -> {
                int socket = out.begin(3);
                out.textAlways(1, internal.listenerName());
                out.text(2, internal.endpointId());
                out.end(socket);
            }
        }
        out.end(begun);
    }

    /** Those of the message; the order of ours is another. */
    private static int number(AccessLogType type) {
        if (type == AccessLogType.TcpConnectionStart) {
            return 14;
        }
        int position = type.ordinal();
        return position > AccessLogType.TcpConnectionStart.ordinal() ? position - 1 : position;
    }
}
