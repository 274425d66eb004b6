package dev.attache.proxy.network.http.request;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import java.util.Set;

/**
 * {@code forward_proto_config}: the scheme of requests whose destination was restored, by PROXY
 * protocol or interception, from its port; of other ports and other requests the connection says
 * it.
 */
public record ForwardProto(Set<Integer> httpsPorts, Set<Integer> httpPorts) {

    public static final ForwardProto NONE = new ForwardProto(Set.of(), Set.of());

    public ForwardProto {
        httpsPorts = Set.copyOf(httpsPorts);
        httpPorts = Set.copyOf(httpPorts);
    }

    public boolean isHttps(ConnectionInfo connection) {
        if (this != NONE
                && connection.localAddressRestored()
                && connection.localAddress() instanceof IpAddress destination) {
            if (httpsPorts.contains(destination.port())) {
                return true;
            }
            if (httpPorts.contains(destination.port())) {
                return false;
            }
        }
        return connection.tls() != null;
    }
}
