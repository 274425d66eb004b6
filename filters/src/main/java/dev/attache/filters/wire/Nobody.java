package dev.attache.filters.wire;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;

/** What calls are about that are made on behalf of no stream: formats find nothing. Stateless. */
public final class Nobody {

    private static final IpAddress NOWHERE = IpAddress.parse("0.0.0.0", 0);

    private Nobody() {}

    public static FormatContext context() {
        long now = System.nanoTime();
        ConnectionInfo connection = new ConnectionInfo(0, 0, now, NOWHERE, NOWHERE);
        return FormatContext.of(new StreamInfo(connection, 0, now), null);
    }
}
