package dev.attache.filters.network.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.ratelimit.Descriptor;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import io.envoyproxy.envoy.extensions.filters.network.ratelimit.v3.RateLimit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a connection counts as, and how long is waited for who says whether it is too much. */
final class NetworkRateLimitFactoryTest {
    private static final String SERVICE =
            "stat_prefix: s, domain: d,"
                    + " rate_limit_service: {grpc_service: {envoy_grpc: {cluster_name: limits}}}";

    private static Compiled<NetworkFilterSpec> compile(String fields) {
        return new NetworkRateLimitFactory()
                .compile(
                        ConfigFixture.parse(
                                "{" + SERVICE + ", " + fields + "}",
                                RateLimit.getDefaultInstance()),
                        CompileContext.root(new ConfigFixture().settings(), new Diagnostics("t")));
    }

    @Test
    void entriesAreMadeOfTheConnection() {
        NetworkRateLimitSpec spec =
                (NetworkRateLimitSpec)
                        compile(
                                        "descriptors: [{entries: [{key: peer, value:"
                                                + " \"%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%\"},"
                                                + " {key: name, value:"
                                                + " \"%REQUESTED_SERVER_NAME%\"}]}]")
                                .orThrow();
        ConnectionInfo connection =
                new ConnectionInfo(
                        1,
                        0,
                        0,
                        IpAddress.parse("192.0.2.9", 80),
                        IpAddress.parse("192.0.2.1", 4000));
        List<Descriptor> made =
                spec.descriptors(FormatContext.of(new StreamInfo(connection, 0, 0), null));
        assertThat(made)
                .singleElement()
                .extracting(descriptor -> descriptor.key().toString())
                .isEqualTo("peer=192.0.2.1, name=-");
        assertThat(spec.service().timeoutMillis()).isEqualTo(20);
    }

    @Test
    void whatIsNoFormatIsRefused() {
        Compiled<NetworkFilterSpec> refused =
                compile("descriptors: [{entries: [{key: k, value: \"%NOTHING_LIKE_THAT%\"}]}]");
        assertThat(refused.errors()).hasSize(1);
    }
}
