package dev.attache.proxy.upstream.lb.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Locality;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashTablesTest {

    private static List<WeightedHost> members(int firstPort, double... weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        List<WeightedHost> members = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            var address = HostSets.address(firstPort + i);
            Host host = new Host(EndpointSpec.of(address), address, Locality.NONE, 0, 0);
            members.add(new WeightedHost(host, weights[i] / sum));
        }
        return members;
    }

    private static int port(HashTable table, String hash) {
        Host host = table.choose(Long.parseUnsignedLong(hash), 0);
        return host == null ? -1 : ((IpAddress) host.address()).port();
    }

    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1"
    })
    void xxHash64AgreesWithTheReference(String text, String hex) {
        assertThat(XxHash64.hash(text, 0)).isEqualTo(Long.parseUnsignedLong(hex, 16));
    }

    /** Values of libstdc++'s {@code std::hash<std::string>}. */
    @ParameterizedTest
    @CsvSource({
        "foo, 9631199822919835226",
        "bar, 11474628671133349555",
        "a, 4993892634952068459",
        "abcdefgh, 8664279048047335611",
        "127.0.0.1:80_0, 17613279263364193813",
        "'', 6142509188972423790"
    })
    void murmur2AgreesWithTheStandardLibrary(String text, String value) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Murmur2.hash(bytes, Murmur2.STD_SEED)).isEqualTo(Long.parseUnsignedLong(value));
    }

    /** The ring of six hosts on ports 90 to 95 that Envoy's own tests write down. */
    @ParameterizedTest
    @CsvSource({
        "0, 94",
        "18446744073709551615, 94",
        "833437586790550861, 92",
        "3551244743356806947, 95",
        "3551244743356806948, 93",
        "5583722120771150861, 91",
        "7700377290971790573, 95",
        "13444792449719432967, 92",
        "16117243373044804880, 90"
    })
    void ringStandsWhereEnvoysStands(String hash, int port) {
        HashTable ring =
                RingTable.build(members(90, 1, 1, 1, 1, 1, 1), 12, 8_388_608, false, false);
        assertThat(port(ring, hash)).isEqualTo(port);
    }

    @Test
    void ringLooksFurtherForLaterAttempts() {
        HashTable ring =
                RingTable.build(members(90, 1, 1, 1, 1, 1, 1), 12, 8_388_608, false, false);
        Host second = ring.choose(0, 1);
        assertThat(second).isNotNull().extracting(Host::toString).isEqualTo("127.0.0.1:92");
    }

    @Test
    void maglevFillsByWeight() {
        HashTable table = MaglevTable.build(members(90, 1, 1, 2), 65_537, false);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < 65_537; i++) {
            counts.merge(port(table, Integer.toString(i)), 1, Integer::sum);
        }
        assertThat(counts.get(90)).isBetween(16_300, 16_450);
        assertThat(counts.get(91)).isBetween(16_300, 16_450);
        assertThat(counts.get(92)).isBetween(32_700, 32_850);
    }

    @Test
    void maglevMovesLittleWhenAHostLeaves() {
        HashTable before =
                MaglevTable.build(members(90, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 65_537, false);
        HashTable after = MaglevTable.build(members(90, 1, 1, 1, 1, 1, 1, 1, 1, 1), 65_537, false);
        int moved = 0;
        for (int i = 0; i < 65_537; i++) {
            String hash = Integer.toString(i);
            int old = port(before, hash);
            moved += old != 99 && old != port(after, hash) ? 1 : 0;
        }
        assertThat(moved).isLessThan(65_537 / 10);
    }

    @Test
    void noHostsNoPlace() {
        assertThat(MaglevTable.build(List.of(), 65_537, false).choose(1, 0)).isNull();
        assertThat(RingTable.build(List.of(), 1024, 2048, false, false).choose(1, 0)).isNull();
    }
}
