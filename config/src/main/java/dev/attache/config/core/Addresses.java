package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.Address}. A null answer means that the error has been reported. */
public final class Addresses {
    /** {@code sun_path} holds 108 bytes including the final zero. */
    private static final int MAX_PIPE_PATH = 107;

    private static final String RESOLVER_ADVICE =
            ". Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or"
                    + " 'LOGICAL_DNS'";

    private Addresses() {}

    /** An address that needs no name resolution. */
    public static @Nullable Address literal(
            io.envoyproxy.envoy.config.core.v3.Address address, CompileContext context) {
        return switch (address.getAddressCase()) {
            case SOCKET_ADDRESS ->
                    socket(
                            address.getSocketAddress(),
                            RESOLVER_ADVICE,
                            context.at("socket_address"));
            case PIPE -> pipe(address.getPipe(), context.at("pipe"));
            case ENVOY_INTERNAL_ADDRESS ->
                    internal(
                            address.getEnvoyInternalAddress(),
                            context.at("envoy_internal_address"));
            case ADDRESS_NOT_SET -> {
                context.error("Address must be set");
                yield null;
            }
        };
    }

    /** A socket address with a literal IP. */
    public static @Nullable IpAddress socket(SocketAddress address, CompileContext context) {
        return socket(address, "", context);
    }

    private static @Nullable IpAddress socket(
            SocketAddress address, String advice, CompileContext context) {
        if (!checkPort(address, context)) {
            return null;
        }
        try {
            return IpAddress.parse(address.getAddress(), address.getPortValue());
        } catch (IllegalArgumentException e) {
            context.at("address").error("malformed IP address: " + address.getAddress() + advice);
            return null;
        }
    }

    /** Whether the port is one we can use, and nothing else is asked of the address. */
    public static boolean checkPort(SocketAddress address, CompileContext context) {
        if (address.getPortSpecifierCase() == SocketAddress.PortSpecifierCase.NAMED_PORT) {
            context.at("named_port").error("named ports need a resolver, and none is supported");
            return false;
        }
        if (!address.getResolverName().isEmpty() && !address.getResolverName().equals("envoy.ip")) {
            context.at("resolver_name")
                    .error("Unknown address resolver: " + address.getResolverName());
            return false;
        }
        return true;
    }

    private static @Nullable Address pipe(Pipe pipe, CompileContext context) {
        String path = pipe.getPath();
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PIPE_PATH) {
            context.at("path")
                    .error(
                            "Path \"%s\" exceeds maximum UNIX domain socket path size of 108."
                                    .formatted(path));
            return null;
        }
        if (!path.startsWith("@") && path.indexOf(0) >= 0) {
            context.at("path")
                    .error("UNIX domain socket pathname contains embedded null characters");
            return null;
        }
        if (path.startsWith("@") && pipe.getMode() != 0) {
            context.at("mode").error("Cannot set mode for Abstract AF_UNIX sockets");
            return null;
        }
        return new PipeAddress(path, pipe.getMode());
    }

    private static @Nullable Address internal(
            EnvoyInternalAddress address, CompileContext context) {
        if (address.getServerListenerName().isEmpty()) {
            context.at("server_listener_name").error("server_listener_name must be set");
            return null;
        }
        return new InternalAddress(address.getServerListenerName(), address.getEndpointId());
    }

    /** A CIDR range's address part. */
    static @Nullable InetAddress ip(String literal, CompileContext context) {
        try {
            return IpAddress.parse(literal, 0).ip();
        } catch (IllegalArgumentException e) {
            context.error("malformed IP address: " + literal);
            return null;
        }
    }
}
