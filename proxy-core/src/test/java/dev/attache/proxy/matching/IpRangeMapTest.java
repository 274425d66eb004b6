package dev.attache.proxy.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.MatchTree.OnMatch;
import dev.attache.proxy.matching.MatchTree.Range;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IpRangeMapTest {

    @Test
    void theLongestRangeAroundAnAddressDecides() {
        MatchTree<String, String> tree =
                map(
                        range("10.0.0.0", 8, false),
                        range("10.1.0.0", 16, false),
                        range("0.0.0.0", 0, false),
                        range("10.1.2.3", 32, false),
                        range("2001:db8::", 32, false));

        assertThat(tree.pick("10.1.2.3")).isEqualTo("10.1.2.3/32");
        assertThat(tree.pick("10.1.2.4")).isEqualTo("10.1.0.0/16");
        assertThat(tree.pick("10.2.2.4")).isEqualTo("10.0.0.0/8");
        assertThat(tree.pick("11.2.2.4")).isEqualTo("0.0.0.0/0");
        assertThat(tree.pick("2001:db8::1")).isEqualTo("2001:db8::/32");
        assertThat(tree.pick("2001:db9::1")).isEqualTo("none");
        assertThat(tree.pick("::ffff:10.1.2.3")).isEqualTo("none");
        assertThat(tree.pick("host")).isEqualTo("none");
    }

    @Test
    void ofEqualRangesTheFirstThatPicksSomethingDecides() {
        CidrRange range = range("10.0.0.0", 8, false).range();
        OnMatch<String, String> nothing = OnMatch.tree(new EntryList<>(List.of(), null));
        MatchTree<String, String> tree =
                map(
                        new Range<>(range, false, nothing),
                        new Range<>(range, false, OnMatch.action("second")),
                        new Range<>(range, false, OnMatch.action("third")));

        assertThat(tree.pick("10.1.2.3")).isEqualTo("second");
    }

    @Test
    void anExclusiveRangeCountsWhereNoLongerOneStandsBeforeIt() {
        OnMatch<String, String> nothing = OnMatch.tree(new EntryList<>(List.of(), null));
        MatchTree<String, String> tree =
                map(
                        new Range<>(range("10.1.0.0", 16, false).range(), false, nothing),
                        range("10.0.0.0", 8, true),
                        range("0.0.0.0", 0, false));

        assertThat(tree.pick("10.1.2.3")).isEqualTo("0.0.0.0/0");
        assertThat(tree.pick("10.2.2.3")).isEqualTo("10.0.0.0/8");
    }

    @Test
    void findsWhatLookingThroughAllFinds() {
        Random random = new Random(7);
        List<CidrRange> ranges = new ArrayList<>();
        IpRangeTrie<CidrRange> trie = new IpRangeTrie<>();
        for (int i = 0; i < 2000; i++) {
            CidrRange range = new CidrRange(address(random), random.nextInt(33));
            range = i % 2 == 0 ? range : new CidrRange(v6(random), random.nextInt(129));
            ranges.add(range);
            CidrRange added = range;
            trie.computeIfAbsent(range, () -> added);
        }
        for (int i = 0; i < 4000; i++) {
            InetAddress address = i % 2 == 0 ? address(random) : v6(random);
            List<CidrRange> around = new ArrayList<>();
            for (var node = trie.longest(address); node != null; node = node.wider()) {
                around.add(node.value());
            }
            List<CidrRange> expected =
                    ranges.stream()
                            .filter(range -> range.contains(address))
                            .distinct()
                            .sorted((a, b) -> b.length() - a.length())
                            .toList();
            assertThat(around).isEqualTo(expected);
        }
    }

    /** Of few different octets, so that ranges hold each other. */
    private static InetAddress address(Random random) {
        return IpAddress.parse(random.nextInt(3) + "." + random.nextInt(3) + ".1.1", 0).ip();
    }

    private static InetAddress v6(Random random) {
        return IpAddress.parse(
                        random.nextInt(2) + "::" + random.nextInt(3) + ":" + random.nextInt(2), 0)
                .ip();
    }

    private static Range<String, String> range(String prefix, int length, boolean exclusive) {
        CidrRange range = new CidrRange(IpAddress.parse(prefix, 0).ip(), length);
        return new Range<>(range, exclusive, OnMatch.action(range.toString()));
    }

    @SafeVarargs
    private static MatchTree<String, String> map(Range<String, String>... ranges) {
        return new IpRangeMap<>(text -> text, List.of(ranges), OnMatch.action("none"));
    }
}
