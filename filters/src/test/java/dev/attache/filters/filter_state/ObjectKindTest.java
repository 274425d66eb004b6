package dev.attache.filters.filter_state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.FilterState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ObjectKindTest {

    private static FilterState.@Nullable Value made(String factory, String text) {
        ObjectKind kind = ObjectKind.of(factory);
        assertThat(kind).as(factory).isNotNull();
        return kind.make(text);
    }

    @ParameterizedTest
    @CsvSource({
        "envoy.string, a, a",
        "envoy.hashable_string, a, a",
        "istio.hashable_string, a, a",
        "envoy.bool, YES, true",
        "envoy.bool, f, false",
        "envoy.tcp_proxy.disable_tunneling, TRUE, false",
        "envoy.tcp_proxy.cluster, c, c",
        "envoy.upstream.dynamic_port, ' +80 ', 80",
        "envoy.ratelimit.hits_addend, 4294967295, 4294967295",
        "envoy.tcp_proxy.per_connection_idle_timeout_ms, 18446744073709551615, 18446744073709551615",
        "envoy.network.ip, ::1, '[::1]:0'",
        "envoy.filters.listener.original_dst.local_ip, 1.2.3.4:80, 1.2.3.4:80"
    })
    void whatTextMakes(String factory, String text, String printed) {
        FilterState.Value value = made(factory, text);
        assertThat(value).isNotNull();
        assertThat(value.serializeAsString()).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "envoy.bool, maybe",
        "envoy.upstream.dynamic_port, 4294967296",
        "envoy.upstream.dynamic_port, -1",
        "envoy.upstream.dynamic_port, ''",
        "envoy.tcp_proxy.per_connection_idle_timeout_ms, 18446744073709551616",
        "envoy.network.ip, 1.2.3.4:80",
        "envoy.filters.listener.original_dst.remote_ip, 1.2.3.4",
        "envoy.network.transport_socket.original_dst_address, ::1"
    })
    void whatTextDoesNot(String factory, String text) {
        assertThat(made(factory, text)).isNull();
    }

    @Test
    void whatIsPrintedAndWhatTellsConnectionsApart() {
        FilterState.Value address =
                made("envoy.network.transport_socket.original_dst_address", "[::1]:8");
        assertThat(address).isNotNull();
        assertThat(address.field("ip")).isEqualTo("::1");
        assertThat(address.field("port")).isEqualTo("8");
        assertThat(address.typed()).isNull();
        assertThat(address.isHashable()).isTrue();
        FilterState.Value protocols = made("envoy.network.application_protocols", "h2,http/1.1");
        assertThat(protocols).isNotNull();
        assertThat(protocols.isText()).isFalse();
        assertThat(protocols.typed()).isNull();
        FilterState.Value text = made("envoy.hashable_string", "a");
        assertThat(text).isNotNull();
        assertThat(text.isHashable()).isTrue();
        assertThat(made("istio.hashable_string", "a")).isEqualTo(text);
        FilterState.Value plain = made("envoy.string", "a");
        assertThat(plain).isNotNull();
        assertThat(plain.isHashable()).isFalse();
    }

    @Test
    void factoriesThatAreNot() {
        assertThat(ObjectKind.of("acme.object")).isNull();
        assertThat(ObjectKind.isOfEnvoyAlone("acme.object")).isFalse();
        assertThat(ObjectKind.of("envoy.router.debug_config")).isNull();
        assertThat(ObjectKind.isOfEnvoyAlone("envoy.router.debug_config")).isTrue();
    }
}
