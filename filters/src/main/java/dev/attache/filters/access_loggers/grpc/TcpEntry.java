package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.CustomTag;
import java.util.List;

/** {@code envoy.data.accesslog.v3.TCPAccessLogEntry}. */
record TcpEntry(List<String> filterState, List<CustomTag> tags) implements LoggedEntry {

    private static final int COMMON_PROPERTIES = 1;
    private static final int CONNECTION_PROPERTIES = 2;
    private static final int RECEIVED_BYTES = 1;
    private static final int SENT_BYTES = 2;

    @Override
    public void write(MessageWriter out, FormatContext entry) {
        int common = out.begin(COMMON_PROPERTIES);
        CommonProperties.write(out, entry, filterState, tags);
        out.end(common);
        StreamInfo info = entry.info();
        int connection = out.begin(CONNECTION_PROPERTIES);
        out.number(RECEIVED_BYTES, info.bytesReceived);
        out.number(SENT_BYTES, info.bytesSent);
        out.end(connection);
    }

    @Override
    public boolean bounded() {
        return false;
    }
}
