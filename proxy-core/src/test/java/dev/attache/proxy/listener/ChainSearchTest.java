package dev.attache.proxy.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainMatch.SourceType;
import dev.attache.proxy.matching.CidrRange;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChainSearchTest {

    private static final List<FilterChainMatch> CHAINS =
            List.of(
                    match(8443, "", "", ""),
                    match(0, "10.0.0.0", "", ""),
                    match(0, "", "a.test", "tls"),
                    match(0, "", "*.test", "tls"),
                    match(0, "", "", "raw_buffer"));

    @Test
    void eachChainSaysAtWhichStepItWasLeftBehind() {
        ConnectionInfo connection = connection("192.0.2.1", 443);
        connection.detectedTransportProtocol("tls");
        connection.requestedServerName("a.test");
        assertThat(conditions(connection, 2))
                .containsExactly(
                        "destination_port", "prefix_ranges", null, "server_names", "server_names");
        connection.requestedServerName("b.test");
        assertThat(conditions(connection, 3))
                .containsExactly(
                        "destination_port", "prefix_ranges", "server_names", null, "server_names");
    }

    /** The search does not come back: a more specific port hides what is for any. */
    @Test
    void whatIsNotFoundIsLeftBehindSomewhere() {
        assertThat(conditions(connection("192.0.2.1", 8443), 0))
                .containsExactly(
                        null,
                        "destination_port",
                        "destination_port",
                        "destination_port",
                        "destination_port");
        ConnectionInfo connection = connection("10.0.0.1", 80);
        connection.requestedServerName("a.test");
        connection.detectedTransportProtocol("tls");
        assertThat(conditions(connection, 1).get(2)).isEqualTo("prefix_ranges");
    }

    private static List<String> conditions(ConnectionInfo connection, int expected) {
        FilterChainIndex index = new FilterChainIndex("l", CHAINS);
        ChainSearch search = new ChainSearch();
        assertThat(index.find(connection, search)).isEqualTo(expected);
        assertThat(index.find(connection)).isEqualTo(expected);
        return CHAINS.stream()
                .map(chain -> {
                    Explanation said = new Explanation();
                    search.explain(chain, said);
                    return said.text("condition");
                })
                .toList();
    }

    private static ConnectionInfo connection(String local, int port) {
        return new ConnectionInfo(
                1, 0, 0, IpAddress.parse(local, port), IpAddress.parse("192.0.2.9", 1000));
    }

    private static FilterChainMatch match(
            int port, String range, String serverName, String transport) {
        return new FilterChainMatch(
                port,
                range.isEmpty()
                        ? List.of()
                        : List.of(new CidrRange(IpAddress.parse(range, 0).ip(), 8)),
                serverName.isEmpty() ? List.of() : List.of(serverName),
                transport,
                List.of(),
                List.of(),
                SourceType.ANY,
                List.of(),
                List.of());
    }
}
