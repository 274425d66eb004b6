package dev.attache.proxy.upstream.health;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;

/** What formats in the headers of a check's request are evaluated over. */
final class RequestFacts {

    static final String USER_AGENT = "Envoy/HC";

    private static final Address LOOPBACK = IpAddress.parse("127.0.0.1", 0);

    private RequestFacts() {}

    /** As in Envoy there is no client; the loopback address stands for it. */
    static FormatContext of(HostCheck check, ConnectionInfo upstream, Headers request) {
        ConnectionInfo nobody =
                new ConnectionInfo(
                        upstream.id(),
                        upstream.startTimeMillis(),
                        upstream.startNanos(),
                        LOOPBACK,
                        LOOPBACK);
        StreamInfo info =
                new StreamInfo(
                        nobody, System.currentTimeMillis(), check.cluster().loop().nanoTime());
        info.clusterName = check.cluster().name();
        return FormatContext.of(info, request);
    }
}
