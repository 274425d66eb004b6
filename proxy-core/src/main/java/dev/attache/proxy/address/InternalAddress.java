package dev.attache.proxy.address;

import java.net.SocketAddress;

/** An Envoy internal listener's address: reachable only inside the process. */
public record InternalAddress(String listenerName, String endpointId) implements Address {

    /** What Envoy takes for the dialling end's own address. */
    public static final InternalAddress CLIENT = new InternalAddress("internal_client_address", "");

    /** The address as that of a channel. */
    static final class OfChannel extends SocketAddress {

        private static final long serialVersionUID = 1L;

        private final transient InternalAddress address;

        OfChannel(InternalAddress address) {
            this.address = address;
        }

        InternalAddress address() {
            return address;
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    @Override
    public SocketAddress toSocketAddress() {
        return new OfChannel(this);
    }

    @Override
    public String toString() {
        return "envoy://" + listenerName + "/" + endpointId;
    }
}
