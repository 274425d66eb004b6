package dev.attache.proxy.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainMatch.SourceType;
import dev.attache.proxy.matching.CidrRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chains by address, as many as there may be. */
class FilterChainIndexTest {

    private static final IpAddress CLIENT = IpAddress.parse("192.0.2.1", 1000);

    private static FilterChainMatch to(String range) {
        String[] parts = range.split("/");
        InetAddress prefix = IpAddress.parse(parts[0], 0).ip();
        return new FilterChainMatch(
                0,
                List.of(new CidrRange(prefix, Integer.parseInt(parts[1]))),
                List.of(),
                "",
                List.of(),
                List.of(),
                SourceType.ANY,
                List.of(),
                List.of());
    }

    private static int find(FilterChainIndex index, String local) {
        return index.find(new ConnectionInfo(1, 0, 0, IpAddress.parse(local, 80), CLIENT));
    }

    @Test
    void theLongestPrefixCountsAndThenNoneOther() {
        FilterChainIndex index =
                new FilterChainIndex(
                        "l",
                        List.of(
                                to("10.0.0.0/8"),
                                to("10.1.0.0/16"),
                                to("2001:db8::/32"),
                                to("2001:db8:0:0:8000::/65"),
                                FilterChainMatch.ANY));
        assertThat(find(index, "10.2.0.1")).isZero();
        assertThat(find(index, "10.1.0.1")).isEqualTo(1);
        assertThat(find(index, "2001:db8::1")).isEqualTo(2);
        assertThat(find(index, "2001:db8::8000:0:0:1")).isEqualTo(3);
        assertThat(find(index, "11.0.0.1")).isEqualTo(4);
        assertThat(find(index, "2002::1")).isEqualTo(4);
    }

    /** The same as looking at each of them. */
    @Test
    void manyRangesAreToldApart() {
        Random random = new Random(7);
        Map<Integer, Integer> byRange = new HashMap<>();
        List<FilterChainMatch> matches = new ArrayList<>();
        while (matches.size() < 20_000) {
            int address = random.nextInt() & (random.nextInt(8) == 0 ? 0xffffff00 : -1);
            if (byRange.putIfAbsent(address, matches.size()) == null) {
                matches.add(to(text(address) + "/32"));
            }
        }
        FilterChainIndex index = new FilterChainIndex("l", matches);
        byRange.forEach(
                (address, chain) -> assertThat(find(index, text(address))).isEqualTo(chain));
        for (int i = 0; i < 1000; i++) {
            int address = random.nextInt();
            assertThat(find(index, text(address))).isEqualTo(byRange.getOrDefault(address, -1));
        }
    }

    private static String text(int address) {
        return (address >>> 24)
                + "."
                + (address >>> 16 & 255)
                + "."
                + (address >>> 8 & 255)
                + "."
                + (address & 255);
    }
}
