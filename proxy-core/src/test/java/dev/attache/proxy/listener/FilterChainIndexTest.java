package dev.attache.proxy.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.FilterChainMatch.SourceType;
import dev.attache.proxy.matching.CidrRange;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Envoy's match order, most specific first and never back. */
class FilterChainIndexTest {

    /** Collects one match; what is not set is "any". */
    private static final class Match {
        private int port;
        private List<CidrRange> destinations = List.of();
        private List<String> names = List.of();
        private String transport = "";
        private List<String> protocols = List.of();
        private List<CidrRange> direct = List.of();
        private SourceType type = SourceType.ANY;
        private List<CidrRange> sources = List.of();
        private List<Integer> sourcePorts = List.of();

        Match port(int value) {
            port = value;
            return this;
        }

        Match to(String... ranges) {
            destinations = ranges(ranges);
            return this;
        }

        Match names(String... values) {
            names = List.of(values);
            return this;
        }

        Match transport(String value) {
            transport = value;
            return this;
        }

        Match alpn(String... values) {
            protocols = List.of(values);
            return this;
        }

        Match direct(String... ranges) {
            direct = ranges(ranges);
            return this;
        }

        Match type(SourceType value) {
            type = value;
            return this;
        }

        Match from(String... ranges) {
            sources = ranges(ranges);
            return this;
        }

        Match fromPorts(Integer... ports) {
            sourcePorts = List.of(ports);
            return this;
        }

        FilterChainMatch build() {
            return new FilterChainMatch(
                    port, destinations, names, transport, protocols, direct, type, sources,
                    sourcePorts);
        }

        private static List<CidrRange> ranges(String... texts) {
            return Arrays.stream(texts)
                    .map(
                            text -> {
                                int slash = text.indexOf('/');
                                return new CidrRange(
                                        IpAddress.parse(text.substring(0, slash), 0).ip(),
                                        Integer.parseInt(text.substring(slash + 1)));
                            })
                    .toList();
        }
    }

    private static Match match() {
        return new Match();
    }

    private static FilterChainIndex index(Match... matches) {
        return new FilterChainIndex("l", Arrays.stream(matches).map(Match::build).toList());
    }

    private static ConnectionInfo connection(String local, String remote) {
        return new ConnectionInfo(1, 0, 0, address(local), address(remote));
    }

    private static Address address(String text) {
        int colon = text.lastIndexOf(':');
        return IpAddress.parse(
                text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static ConnectionInfo tls(String name, String... alpn) {
        ConnectionInfo info = connection("10.0.0.1:443", "10.9.9.9:1000");
        info.detectedTransportProtocol("tls");
        info.requestedServerName(name);
        info.requestedApplicationProtocols(List.of(alpn));
        return info;
    }

    @Test
    void without_rules_every_connection_matches_and_without_chains_none() {
        assertThat(index(match()).find(tls("a"))).isZero();
        assertThat(index().find(tls("a"))).isEqualTo(-1);
    }

    @Test
    void an_exact_port_that_fails_inside_does_not_go_back_to_any_port() {
        FilterChainIndex index = index(match(), match().port(443).transport("raw_buffer"));
        assertThat(index.find(tls("a"))).isEqualTo(-1);
        assertThat(index.find(connection("10.0.0.1:443", "1.1.1.1:1"))).isEqualTo(1);
        assertThat(index.find(connection("10.0.0.1:80", "1.1.1.1:1"))).isZero();
    }

    @Test
    void the_longest_destination_prefix_wins_and_is_final() {
        FilterChainIndex index =
                index(
                        match().to("10.0.0.0/8"),
                        match().to("10.1.0.0/16"),
                        match().to("10.1.2.3/32").transport("tls"),
                        match().to("2001:db8::/32"),
                        match().to("2001:db8::1/128"));
        assertThat(index.find(connection("10.2.0.1:1", "1.1.1.1:1"))).isZero();
        assertThat(index.find(connection("10.1.0.1:1", "1.1.1.1:1"))).isEqualTo(1);
        assertThat(index.find(connection("10.1.2.3:1", "1.1.1.1:1"))).isEqualTo(-1);
        assertThat(index.find(connection("11.0.0.1:1", "1.1.1.1:1"))).isEqualTo(-1);
        assertThat(index.find(connection("2001:db8::2:1", "::1:1"))).isEqualTo(3);
        assertThat(index.find(connection("2001:db8::1:1", "::1:1"))).isEqualTo(4);
        assertThat(index.find(connection("2001:db9::1:1", "::1:1"))).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, 0",
        "api.example.com, 1",
        "a.b.example.com, 1",
        "example.com, 2",
        "x.test.com, 3",
        "org, 2",
    })
    void server_names_exact_then_suffix_then_none(String name, int expected) {
        FilterChainIndex index =
                index(
                        match().names("www.example.com"),
                        match().names("*.example.com"),
                        match(),
                        match().names("*.com"));
        assertThat(index.find(tls(name))).isEqualTo(name.equals("example.com") ? 3 : expected);
    }

    @Test
    void a_server_name_that_fails_inside_does_not_go_back() {
        FilterChainIndex index = index(match(), match().names("a.b").alpn("h2"));
        assertThat(index.find(tls("a.b", "http/1.1"))).isEqualTo(-1);
        assertThat(index.find(tls("a.b", "h2"))).isEqualTo(1);
        assertThat(index.find(tls("b.b", "h2"))).isZero();
        assertThat(index.find(tls(null))).isZero();
    }

    @Test
    void transport_tls_without_fitting_protocol_does_not_fall_back() {
        FilterChainIndex index = index(match(), match().transport("tls").alpn("h2"));
        assertThat(index.find(tls("a", "http/1.1"))).isEqualTo(-1);
        assertThat(index.find(tls("a", "http/1.1", "h2"))).isEqualTo(1);
        assertThat(index.find(connection("10.0.0.1:443", "1.1.1.1:1"))).isZero();
    }

    @Test
    void an_undetected_transport_is_raw_buffer() {
        FilterChainIndex index = index(match().transport("raw_buffer"));
        assertThat(index.find(connection("10.0.0.1:443", "1.1.1.1:1"))).isZero();
    }

    @Test
    void the_clients_protocol_order_decides() {
        FilterChainIndex index =
                index(match().alpn("h2"), match().alpn("http/1.1"), match().alpn("istio"));
        assertThat(index.find(tls("a", "http/1.1", "h2"))).isEqualTo(1);
        assertThat(index.find(tls("a", "h2", "http/1.1"))).isZero();
        assertThat(index.find(tls("a", "foo"))).isEqualTo(-1);
    }

    @Test
    void istios_five_permissive_chains() {
        FilterChainIndex index =
                index(
                        match().transport("tls").alpn("istio-http/1.0", "istio-http/1.1", "istio-h2"),
                        match().transport("raw_buffer").alpn("http/1.0", "http/1.1", "h2c"),
                        match().transport("tls").alpn("istio-peer-exchange", "istio"),
                        match().transport("raw_buffer"),
                        match().transport("tls"));
        assertThat(index.find(tls("outbound_.80._.a", "istio-http/1.1", "istio"))).isZero();
        assertThat(index.find(tls("a", "istio-peer-exchange", "istio"))).isEqualTo(2);
        assertThat(index.find(tls("a", "h2", "http/1.1"))).isEqualTo(4);
        assertThat(index.find(tls("a"))).isEqualTo(4);
        ConnectionInfo http = connection("10.0.0.1:80", "10.0.0.2:1");
        http.requestedApplicationProtocols(List.of("http/1.1"));
        assertThat(index.find(http)).isEqualTo(1);
        assertThat(index.find(connection("10.0.0.1:80", "10.0.0.2:1"))).isEqualTo(3);
    }

    @Test
    void source_types_before_any_and_final() {
        FilterChainIndex index =
                index(
                        match(),
                        match().type(SourceType.SAME_IP_OR_LOOPBACK),
                        match().type(SourceType.EXTERNAL).from("10.0.0.0/8"));
        assertThat(index.find(connection("10.0.0.1:1", "127.0.0.1:1"))).isEqualTo(1);
        assertThat(index.find(connection("10.0.0.1:1", "10.0.0.1:1"))).isEqualTo(1);
        assertThat(index.find(connection("10.0.0.1:1", "10.0.0.2:1"))).isEqualTo(2);
        assertThat(index.find(connection("10.0.0.1:1", "11.0.0.2:1"))).isEqualTo(-1);
    }

    @Test
    void sources_by_direct_peer_claimed_peer_and_port() {
        FilterChainIndex index =
                index(
                        match().direct("10.0.0.0/8"),
                        match().direct("192.168.0.0/16").from("1.2.3.0/24").fromPorts(5, 6),
                        match().direct("192.168.0.0/16").from("1.2.3.0/24"));
        ConnectionInfo info = connection("1.1.1.1:1", "192.168.0.1:99");
        assertThat(index.find(info)).isEqualTo(-1);
        info.remoteAddress(IpAddress.parse("1.2.3.4", 6));
        assertThat(index.find(info)).isEqualTo(1);
        info.remoteAddress(IpAddress.parse("1.2.3.4", 7));
        assertThat(index.find(info)).isEqualTo(2);
        assertThat(index.find(connection("1.1.1.1:1", "10.1.1.1:1"))).isZero();
    }

    @Test
    void the_restored_destination_counts_and_unix_sockets_match_any() {
        FilterChainIndex index = index(match().port(8080), match());
        ConnectionInfo info = connection("127.0.0.1:15006", "10.0.0.2:1");
        assertThat(index.find(info)).isEqualTo(1);
        info.restoreLocalAddress(IpAddress.parse("10.0.0.1", 8080));
        assertThat(index.find(info)).isZero();
        assertThat(
                        index.find(
                                new ConnectionInfo(
                                        1, 0, 0, new PipeAddress("/a"), new PipeAddress(""))))
                .isEqualTo(1);
    }

    @Test
    void overlapping_chains_and_partial_wildcards_are_refused_in_envoys_words() {
        assertThatThrownBy(() -> index(match().names("a", "b"), match().names("b", "c")))
                .hasMessage(
                        "error adding listener 'l': multiple filter chains with overlapping matching"
                                + " rules are defined");
        for (String name : List.of("*", "a*.b", "*a.b", "*.a.*")) {
            assertThatThrownBy(() -> index(match().names(name)))
                    .hasMessage(
                            "error adding listener 'l': partial wildcards are not supported in"
                                    + " \"server_names\"");
        }
    }
}
