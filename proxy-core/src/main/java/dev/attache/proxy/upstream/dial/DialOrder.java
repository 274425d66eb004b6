package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.spec.SocketSpec.HappyEyeballs;
import java.util.ArrayList;
import java.util.List;

/** In which order a host's addresses are tried: families interleaved, RFC 8305 section 4. */
final class DialOrder {

    private DialOrder() {}

    static List<Address> of(Host host, HappyEyeballs settings) {
        List<Address> others = host.additionalAddresses();
        if (others.isEmpty()) {
            return List.of(host.address());
        }
        List<Address> all = new ArrayList<>(others.size() + 1);
        all.add(host.address());
        all.addAll(others);
        return interleave(all, settings);
    }

    /** {@code firstFamilyCount} of the first family, then one of the other, and so on. */
    static List<Address> interleave(List<Address> all, HappyEyeballs settings) {
        boolean firstIsV6 =
                switch (settings.first()) {
                    case AS_GIVEN -> isV6(all.getFirst());
                    case V4 -> false;
                    case V6 -> true;
                };
        List<Address> first = new ArrayList<>();
        List<Address> second = new ArrayList<>();
        for (Address address : all) {
            (isV6(address) == firstIsV6 ? first : second).add(address);
        }
        List<Address> order = new ArrayList<>(all.size());
        int i = 0;
        int j = 0;
        while (i < first.size() || j < second.size()) {
            for (int n = 0; n < settings.firstFamilyCount() && i < first.size(); n++) {
                order.add(first.get(i++));
            }
            if (j < second.size()) {
                order.add(second.get(j++));
            }
        }
        return order;
    }

    private static boolean isV6(Address address) {
        return address instanceof IpAddress ip && ip.isV6();
    }
}
