package dev.attache.proxy.transport;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.metadata.FilterState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of a PROXY protocol header: who speaks to whom, and TLVs. Immutable. */
public record ProxyHeader(Address source, Address destination, List<Tlv> tlvs)
        implements FilterState.Value {

    public ProxyHeader {
        tlvs = List.copyOf(tlvs);
    }

    @Override
    public String serializeAsString() {
        return source + " " + destination;
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
