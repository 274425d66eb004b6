package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.address.Address;
import java.util.List;

/**
 * Whom to ask for names. Immutable.
 *
 * @param addresses empty = the system's servers ({@code resolv.conf})
 * @param searches whether a name is looked for in the system's search domains too
 */
public record DnsServers(List<Address> addresses, boolean searches) {

    /** The system's, as it says. */
    public static final DnsServers SYSTEM = new DnsServers(List.of(), true);

    public DnsServers {
        addresses = List.copyOf(addresses);
    }
}
