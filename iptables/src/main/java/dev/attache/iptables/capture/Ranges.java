package dev.attache.iptables.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of address ranges split by family, or everything. Immutable.
 *
 * @param all true for {@code *}
 * @param v4 IPv4 ranges in the order given
 * @param v6 IPv6 ranges in the order given
 */
public record Ranges(boolean all, List<Cidr> v4, List<Cidr> v6) {
    static Ranges parse(String setting, String text) throws BadInput {
        if (text.equals("*")) {
            return new Ranges(true, List.of(), List.of());
        }
        List<Cidr> v4 = new ArrayList<>();
        List<Cidr> v6 = new ArrayList<>();
        for (String item : Lists.split(text)) {
            Cidr cidr = Cidr.parse(item);
            if (cidr == null) {
                throw BadInput.value(setting, item, "not an address range", remedy(item));
            }
            (cidr.address().isV4() ? v4 : v6).add(cidr);
        }
        return new Ranges(false, List.copyOf(v4), List.copyOf(v6));
    }

    private static String remedy(String item) {
        IpAddress address = IpAddress.parse(item.strip());
        if (address != null) {
            return "write " + address + (address.isV4() ? "/32" : "/128") + " for one address";
        }
        return item.equals("*")
                ? "write \"*\" alone, not in a list"
                : "write ranges as 10.0.0.0/8 or 2001:db8::/32, comma separated without spaces";
    }

    public boolean isEmpty() {
        return !all && v4.isEmpty() && v6.isEmpty();
    }

    /** True if a listed range starts at a loopback address: then loopback is captured too. */
    public boolean namesLoopback() {
        return anyLoopback(v4) || anyLoopback(v6);
    }

    private static boolean anyLoopback(List<Cidr> ranges) {
        for (Cidr range : ranges) {
            if (range.address().isLoopback()) {
                return true;
            }
        }
        return false;
    }
}
