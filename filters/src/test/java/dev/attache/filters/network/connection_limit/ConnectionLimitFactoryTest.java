package dev.attache.filters.network.connection_limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import org.junit.jupiter.api.Test;

final class ConnectionLimitFactoryTest {
    private final ConfigFixture fixture = new ConfigFixture();

    private ConnectionLimitSpec limit(String max) {
        ConnectionLimit proto =
                ConfigFixture.parse(
                        "{stat_prefix: c, max_connections: " + max + "}",
                        ConnectionLimit.getDefaultInstance());
        CompileContext context = CompileContext.root(fixture.settings(), new Diagnostics("t"));
        return new ConnectionLimitFactory().compile(proto, context).orThrow();
    }

    @Test
    void countsUpToTheLimit() {
        ConnectionLimitSpec one = limit("1");
        assertThat(one.tryOpen()).isTrue();
        assertThat(one.tryOpen()).isFalse();
        one.closed();
        assertThat(one.tryOpen()).isTrue();
    }

    @Test
    void theLargestNumberLimitsNothing() {
        assertThat(limit("\"18446744073709551615\"").tryOpen()).isTrue();
    }
}
