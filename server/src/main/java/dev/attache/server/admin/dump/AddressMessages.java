package dev.attache.server.admin.dump;

import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/** Addresses as Envoy's admin messages carry them. Pure. */
public final class AddressMessages {

    private AddressMessages() {}

    public static Address of(dev.attache.proxy.address.Address address) {
        return switch (address) {
            case IpAddress ip ->
                    Address.newBuilder()
                            .setSocketAddress(
                                    SocketAddress.newBuilder()
                                            .setAddress(ip.host())
                                            .setPortValue(ip.port()))
                            .build();
            case PipeAddress pipe ->
                    Address.newBuilder().setPipe(Pipe.newBuilder().setPath(pipe.path())).build();
            case InternalAddress internal ->
                    Address.newBuilder()
                            .setEnvoyInternalAddress(
                                    EnvoyInternalAddress.newBuilder()
                                            .setServerListenerName(internal.listenerName())
                                            .setEndpointId(internal.endpointId()))
                            .build();
        };
    }
}
