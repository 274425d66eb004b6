package dev.attache.filters.tracing;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.WorkerContext;

/** Requests that carry spans are made for nobody's request. */
public final class Reports {

    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1", 0);

    private Reports() {}

    /** What formats in the headers of such requests see: no connection, no request. */
    public static FormatContext about(WorkerContext worker) {
        long now = worker.nanoTime();
        ConnectionInfo connection = new ConnectionInfo(0, 0, now, LOOPBACK, LOOPBACK);
        return FormatContext.of(new StreamInfo(connection, 0, now), null);
    }
}
