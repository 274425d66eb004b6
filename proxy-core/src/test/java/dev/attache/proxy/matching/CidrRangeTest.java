package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import org.junit.jupiter.api.Test;

class CidrRangeTest {

    @Test
    void ipv4_addresses_mapped_into_ipv6_are_of_ipv6() {
        CidrRange mapped = range("::ffff:10.0.0.0", 104);

        assertThat(mapped.contains(IpAddress.parse("::ffff:10.1.2.3", 0))).isTrue();
        assertThat(mapped.contains(IpAddress.parse("::ffff:11.1.2.3", 0))).isFalse();
        assertThat(mapped.contains(IpAddress.parse("10.1.2.3", 0))).isFalse();
        assertThat(range("10.0.0.0", 8).contains(IpAddress.parse("::ffff:10.1.2.3", 0))).isFalse();
        assertThat(range("::", 0).contains(IpAddress.parse("::ffff:10.1.2.3", 0))).isTrue();
    }

    @Test
    void tries_tell_them_apart_too() {
        IpRangeTrie<String> trie = new IpRangeTrie<>();
        trie.computeIfAbsent(range("::ffff:10.0.0.0", 104), () -> "mapped");
        trie.computeIfAbsent(range("10.0.0.0", 8), () -> "plain");

        assertThat(found(trie, "::ffff:10.1.2.3")).isEqualTo("mapped");
        assertThat(found(trie, "10.1.2.3")).isEqualTo("plain");
    }

    @Test
    void an_ipv4_address_behind_zeros_is_written_as_one() {
        assertThat(IpAddress.parse("::10.1.2.3", 0).host()).isEqualTo("::10.1.2.3");
        assertThat(IpAddress.parse("::ffff:10.1.2.3", 0).host()).isEqualTo("::ffff:10.1.2.3");
        assertThat(IpAddress.parse("::1", 0).host()).isEqualTo("::1");
        assertThat(IpAddress.parse("::", 0).host()).isEqualTo("::");
        assertThat(IpAddress.parse("::1:2", 0).host()).isEqualTo("::0.1.0.2");
    }

    private static String found(IpRangeTrie<String> trie, String address) {
        IpRangeTrie.Node<String> node = trie.longest(IpAddress.parse(address, 0).ip());
        return node == null ? "" : node.value();
    }

    private static CidrRange range(String prefix, int length) {
        return new CidrRange(IpAddress.parse(prefix, 0).ip(), length);
    }
}
