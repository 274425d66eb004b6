package dev.attache.proxy.upstream.host;

import dev.attache.proxy.address.Address;

/** The address of an endpoint as configured. Immutable. */
public sealed interface EndpointAddress {

    /** A literal: usable as it is. */
    record Literal(Address address) implements EndpointAddress {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** A name for DNS clusters to resolve; the port 0 lets SRV or the resolver decide. */
    record Named(String host, int port) implements EndpointAddress {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }
}
