package dev.attache.filters.rbac;

import dev.attache.proxy.address.Address;

/** Which address is looked at. */
enum AddressPlace {
    /** {@code source_ip}: the connection's peer, as PROXY protocol tells it. */
    SOURCE {
        @Override
        Address of(Facts facts) {
            return facts.connection().remoteAddress();
        }
    },
    /** {@code direct_remote_ip}: the socket's peer. */
    DIRECT_REMOTE {
        @Override
        Address of(Facts facts) {
            return facts.connection().directRemoteAddress();
        }
    },
    /** {@code remote_ip}: the trusted client. */
    REMOTE {
        @Override
        Address of(Facts facts) {
            return facts.remoteAddress();
        }
    },
    /** {@code destination_ip}. */
    DESTINATION {
        @Override
        Address of(Facts facts) {
            return facts.connection().localAddress();
        }
    };

    abstract Address of(Facts facts);
}
