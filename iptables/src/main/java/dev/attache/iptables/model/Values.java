package dev.attache.iptables.model;

import dev.attache.iptables.capture.Cidr;
import dev.attache.iptables.capture.IpAddress;
import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.Condition.PortRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the values both dialects share. Null means "not understood". Stateless. */
final class Values {
    private Values() {}

    static @Nullable Cidr range(String text) {
        Cidr cidr = Cidr.parse(text);
        if (cidr != null) {
            return masked(cidr);
        }
        IpAddress address = IpAddress.parse(text);
        return address == null ? null : new Cidr(address, address.isV4() ? 32 : 128);
    }

    private static Cidr masked(Cidr cidr) {
        byte[] octets = cidr.address().bytes();
        for (int bit = cidr.bits(); bit < octets.length * 8; bit++) {
            octets[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new Cidr(IpAddress.of(octets), cidr.bits());
    }

    /** Ports and ranges ({@code a:b} or {@code a-b}), comma separated, sorted. */
    static @Nullable List<PortRange> ports(String text) {
        List<PortRange> ranges = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            int cut = Math.max(item.indexOf(':'), item.indexOf('-'));
            long from = number(cut < 0 ? item : item.substring(0, cut));
            long to = cut < 0 ? from : number(item.substring(cut + 1));
            if (from < 0 || to > 65535 || to < from) {
                return null;
            }
            ranges.add(new PortRange((int) from, (int) to));
        }
        ranges.sort((a, b) -> Integer.compare(a.from(), b.from()));
        return List.copyOf(ranges);
    }

    /** Decimal or 0x hexadecimal, up to 32 bits; -1 if neither. */
    static long number(String text) {
        try {
            boolean hex = text.startsWith("0x");
            long value = Long.parseLong(hex ? text.substring(2) : text, hex ? 16 : 10);
            return value > 0xffffffffL ? -1 : value;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** {@code value[/mask]}. */
    static Condition.@Nullable Mark mark(String text, boolean connection, boolean negated) {
        int slash = text.indexOf('/');
        long value = number(slash < 0 ? text : text.substring(0, slash));
        long mask = slash < 0 ? 0xffffffffL : number(text.substring(slash + 1));
        return value < 0 || mask < 0 ? null : new Condition.Mark(connection, value, mask, negated);
    }

    static Condition.@Nullable Owner owner(
            String text, boolean group, boolean negated, Names names) {
        int dash = text.indexOf('-', 1);
        long from = number(dash < 0 ? text : text.substring(0, dash));
        long to = dash < 0 ? from : number(text.substring(dash + 1));
        if (from < 0 || to < 0) {
            String id = group ? names.groupId(text) : names.userId(text);
            from = id == null ? -1 : number(id);
            to = from;
        }
        return from < 0 ? null : new Condition.Owner(group, from, to, negated);
    }

    static Set<String> states(String text) {
        return new TreeSet<>(Arrays.asList(text.toUpperCase(Locale.ROOT).split(",")));
    }
}
