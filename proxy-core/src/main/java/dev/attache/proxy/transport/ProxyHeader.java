package dev.attache.proxy.transport;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a PROXY protocol header: who speaks to whom, and TLVs. Immutable; equal with equal
 * TLVs, so that what they say of one client never goes for another.
 */
public record ProxyHeader(Address source, Address destination, List<Tlv> tlvs)
        implements FilterState.Value {

    public ProxyHeader {
        tlvs = List.copyOf(tlvs);
    }

    @Override
    public String serializeAsString() {
        return source + " " + destination;
    }

    /** Of a connection that has brought none itself. */
    public static ProxyHeader of(ConnectionInfo client) {
        return new ProxyHeader(client.remoteAddress(), client.localAddress(), List.of());
    }

    /** As in Envoy, logs have no text for it. */
    @Override
    public boolean isText() {
        return false;
    }

    /** One type-length-value of PROXY v2. Treat the array as immutable. */
    public record Tlv(int type, byte[] value) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Tlv tlv && tlv.type == type && Arrays.equals(tlv.value, value);
        }

        @Override
        public int hashCode() {
            return 31 * type + Arrays.hashCode(value);
        }
    }
}
