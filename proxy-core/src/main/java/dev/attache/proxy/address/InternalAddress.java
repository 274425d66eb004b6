package dev.attache.proxy.address;

import io.netty.channel.local.LocalAddress;

/** An Envoy internal listener's address: reachable only inside the process. */
public record InternalAddress(String listenerName, String endpointId) implements Address {

    @Override
    public LocalAddress toSocketAddress() {
        return new LocalAddress("envoy://" + listenerName);
    }

    @Override
    public String toString() {
        return "envoy://" + listenerName + "/" + endpointId;
    }
}
