package dev.attache.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which names a table gives a workload of the namespace shop. */
final class LookupTableTest {

    private static final Placement SHOP = Placement.of("shop", "shop.svc.cluster.local");
    private static final String SEARCH = "shop.svc.cluster.local";

    private static NameTable.Host kubernetes(String ip, String name, String namespace) {
        return new NameTable.Host(
                List.of(ip), "Kubernetes", name, namespace, List.of("other." + name));
    }

    private static LookupTable table(Map<String, NameTable.Host> hosts) {
        return LookupTable.of(new NameTable(hosts), SHOP, List.of(SEARCH));
    }

    private static String ask(LookupTable table, String name) {
        List<DnsRecord> records = table.lookup(DnsMessage.A, name);
        if (records == null) {
            return "upstream";
        }
        StringBuilder text = new StringBuilder();
        for (DnsRecord record : records) {
            text.append(record.type() == DnsMessage.CNAME ? "alias " : "")
                    .append(record.owner())
                    .append(record.data().length == 4 ? " " + (record.data()[3] & 0xff) : "")
                    .append("; ");
        }
        return text.toString();
    }

    @Test
    void shortNamesOfServices() {
        LookupTable table =
                table(
                        Map.of(
                                "cart.shop.svc.cluster.local",
                                        kubernetes("10.0.0.1", "cart", "shop"),
                                "pay.bank.svc.cluster.local", kubernetes("10.0.0.2", "pay", "bank"),
                                "far.away.svc.other.local", kubernetes("10.0.0.3", "far", "away")));
        for (String name : List.of("cart.", "cart.shop.", "cart.shop.svc.", "other.cart.")) {
            assertThat(ask(table, name)).isEqualTo(name + " 1; ");
        }
        assertThat(ask(table, "cart.shop.svc.cluster.local."))
                .isEqualTo("cart.shop.svc.cluster.local. 1; ");
        assertThat(ask(table, "pay.")).isEqualTo("upstream");
        assertThat(ask(table, "pay.bank.")).isEqualTo("pay.bank. 2; ");
        assertThat(ask(table, "pay.bank.shop.svc.cluster.local."))
                .isEqualTo("alias pay.bank.shop.svc.cluster.local.; pay.bank. 2; ");
        assertThat(ask(table, "far.away.")).isEqualTo("upstream");
        assertThat(ask(table, "far.away.svc.other.local."))
                .isEqualTo("far.away.svc.other.local. 3; ");
    }

    @Test
    void theLongestWildcardCounts() {
        LookupTable table =
                table(
                        Map.of(
                                "*.example.com", NameTable.Host.of("10.0.0.1"),
                                "*.a.example.com", NameTable.Host.of("10.0.0.2"),
                                "x.example.com", NameTable.Host.of("10.0.0.3")));
        assertThat(ask(table, "b.example.com.")).isEqualTo("b.example.com. 1; ");
        assertThat(ask(table, "b.a.example.com.")).isEqualTo("b.a.example.com. 2; ");
        assertThat(ask(table, "c.b.a.example.com.")).isEqualTo("c.b.a.example.com. 2; ");
        assertThat(ask(table, "a.example.com.")).isEqualTo("a.example.com. 1; ");
        assertThat(ask(table, "x.example.com.")).isEqualTo("x.example.com. 3; ");
        assertThat(ask(table, "example.com.")).isEqualTo("upstream");
        assertThat(ask(table, "a\\.b.example.com.")).isEqualTo("a\\.b.example.com. 1; ");
        assertThat(ask(table, "b.example.com." + SEARCH + "."))
                .isEqualTo("alias b.example.com." + SEARCH + ".; *.example.com. 1; ");
    }

    @Test
    void whatIsNoAddressIsLeftOut() {
        LookupTable table =
                table(
                        Map.of(
                                "none.test",
                                NameTable.Host.of("nonsense", ""),
                                "six.test",
                                NameTable.Host.of("2001:db8::1"),
                                "one.test",
                                NameTable.Host.of("nonsense", "10.0.0.1"),
                                "x".repeat(64) + ".test",
                                NameTable.Host.of("10.0.0.1")));
        assertThat(ask(table, "none.test.")).isEqualTo("upstream");
        assertThat(ask(table, "six.test.")).isEmpty();
        assertThat(ask(table, "one.test.")).isEqualTo("one.test. 1; ");
        assertThat(ask(table, "x".repeat(64) + ".test.")).isEqualTo("upstream");
    }

    @Test
    void theTableIsReadAndPrinted() throws Exception {
        // echo.test: 240.10.0.1, External
        byte[] host = {10, 10, '2', '4', '0', '.', '1', '0', '.', '0', '.', '1', 18, 1, 'E'};
        byte[] bytes = new byte[4 + 3 + host.length];
        System.arraycopy(new byte[] {10, (byte) (5 + host.length), 10, 1, 'e', 18}, 0, bytes, 0, 6);
        bytes[6] = (byte) host.length;
        System.arraycopy(host, 0, bytes, 7, host.length);
        assertThat(NameTable.parse(bytes).toJson())
                .isEqualTo("{\"table\":{\"e\":{\"ips\":[\"240.10.0.1\"],\"registry\":\"E\"}}}");
        assertThat(new NameTable(Map.of()).toJson()).isEqualTo("{}");
        assertThat(
                        ResolvConf.parse(
                                List.of(
                                        "# nameserver 1.1.1.1",
                                        "search a b",
                                        " nameserver  10.0.0.1 x",
                                        "nameserver",
                                        "options ndots:5",
                                        "search c d")))
                .isEqualTo(new ResolvConf(List.of("10.0.0.1"), List.of("c", "d")));
    }
}
