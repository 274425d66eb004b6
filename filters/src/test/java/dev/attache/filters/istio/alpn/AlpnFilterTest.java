package dev.attache.filters.istio.alpn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.istio.IstioFilter;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlpnFilterTest {
    private static final String TYPE = "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig";

    /** As istiod has it. */
    private static final String FIELDS =
            "{alpn_override: [{alpn_override: [istio-http/1.0, istio, http/1.0]},"
                    + " {upstream_protocol: HTTP11, alpn_override: [istio-http/1.1, istio]},"
                    + " {upstream_protocol: HTTP2, alpn_override: [istio-h2, istio, h2]}]}";

    private static final AlpnFilter FILTER =
            new AlpnFilter(
                    Map.of(
                            Protocol.HTTP10, names("10"),
                            Protocol.HTTP11, names("11"),
                            Protocol.HTTP2, names("2")),
                    name -> null);

    private static StateValue.Names names(String... names) {
        return new StateValue.Names(List.of(names));
    }

    private static ClusterSpec cluster(ProtocolChoice choice, Metadata metadata) {
        return ClusterSpec.named("c")
                .http(UpstreamHttpSpec.DEFAULTS.withProtocol(choice))
                .metadata(metadata)
                .build();
    }

    @Test
    void namesAreForTheUpstreamConnectionAndTellPoolsApart() {
        for (FilterSetup setup :
                List.of(
                        IstioFilter.inStruct("istio.alpn", TYPE, FIELDS),
                        IstioFilter.typed("istio.alpn", TYPE, FIELDS))) {
            try (FilterHarness harness = setup.open()) {
                FilterState state = harness.get("/").info().filterState();
                assertThat(TransportOptions.from(state).alpnOverride())
                        .containsExactly("istio-http/1.1", "istio");
                assertThat(TransportOptions.from(state))
                        .isEqualTo(TransportOptions.from(harness.get("/").info().filterState()))
                        .isNotEqualTo(TransportOptions.NONE);
                assertThat(state.sharedWithUpstream()).isEmpty();
            }
        }
    }

    @Test
    void aProtocolWithoutNamesIsLeftAlone() {
        try (FilterHarness harness =
                IstioFilter.inStruct(
                                "istio.alpn",
                                TYPE,
                                "{alpn_override: [{upstream_protocol: HTTP11},"
                                        + " {upstream_protocol: HTTP11, alpn_override: [late]}]}")
                        .open()) {
            assertThat(
                            harness.get("/")
                                    .info()
                                    .filterState()
                                    .get("envoy.network.application_protocols"))
                    .isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP1, HTTP2, 11",
        "HTTP2, HTTP11, 2",
        "ALPN, HTTP11, 2",
        "USE_DOWNSTREAM, HTTP10, 11",
        "USE_DOWNSTREAM, HTTP11, 11",
        "USE_DOWNSTREAM, HTTP2, 2",
        "USE_DOWNSTREAM, HTTP3, 2"
    })
    void goesByWhatTheClusterWillSpeak(ProtocolChoice choice, Protocol downstream, String name) {
        assertThat(FILTER.names(cluster(choice, Metadata.EMPTY), downstream))
                .isEqualTo(names(name));
    }

    @Test
    void aClusterCanSwitchItOff() {
        assertThat(FILTER.names(cluster(ProtocolChoice.HTTP2, override("false")), Protocol.HTTP2))
                .isNull();
        assertThat(FILTER.names(cluster(ProtocolChoice.HTTP2, override("true")), Protocol.HTTP2))
                .isEqualTo(names("2"));
    }

    private static Metadata override(String value) {
        return new Metadata(
                Map.of(
                        "istio",
                        new MetadataValue.Struct(
                                Map.of("alpn_override", new MetadataValue.Text(value)))));
    }

    @Test
    void unknownFieldsAreRefusedByName() {
        assertThat(IstioFilter.typed("istio.alpn", TYPE, "{alpn: []}").errors())
                .anyMatch(error -> error.contains("alpn"));
    }
}
