package dev.attache.filters.stat_sinks;

import dev.attache.config.core.Addresses;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.IpAddress;
import io.envoyproxy.envoy.config.core.v3.Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where datagrams go. */
public final class StatsdAddressFactory {
    private StatsdAddressFactory() {}

    /** The address, or null with the error reported. */
    public static @Nullable InetSocketAddress compile(Address address, CompileContext context) {
        if (!address.hasSocketAddress()) {
            context.error("statistics are sent to sockets of IP only", "give a socket_address");
            return null;
        }
        return Addresses.socket(address.getSocketAddress(), context.at("socket_address"))
                        instanceof IpAddress ip
                ? ip.toSocketAddress()
                : null;
    }
}
