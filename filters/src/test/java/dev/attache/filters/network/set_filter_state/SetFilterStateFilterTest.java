package dev.attache.filters.network.set_filter_state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.StreamInfo;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SetFilterStateFilterTest {
    private static final String ENTRY =
            "{object_key: seen, factory_key: envoy.string, format_string: {omit_empty_values: true,"
                    + " text_format_source: {inline_string: \"%%FILTER_STATE(seen:PLAIN)%%%s\"}}}";
    private static final String LISTS =
            "{on_new_connection: [%s], on_downstream_tls_handshake: [%s], on_downstream_data: [%s]}"
                    .formatted(
                            ENTRY.formatted("new"),
                            ENTRY.formatted(" handshake"),
                            ENTRY.formatted(" data"));

    private final ConnectionInfo info =
            new ConnectionInfo(
                    1, 0, 0, IpAddress.parse("192.0.2.2", 80), IpAddress.parse("192.0.2.1", 1));

    private static Compiled<SetFilterStateSpec> compile(String yaml) {
        return new SetFilterStateFactory()
                .compile(
                        ConfigFixture.parse(yaml, Config.getDefaultInstance()),
                        CompileContext.root(
                                new ConfigFixture().settings(), new Diagnostics("filter")));
    }

    private SetFilterStateFilter filter(boolean secure) {
        SetFilterStateFilter filter =
                new SetFilterStateFilter(compile(LISTS).orThrow(), secure, info);
        filter.attach(
                new NetworkFilter.Inspecting.Control() {
                    @Override
                    public void continueReading() {
                        throw new AssertionError("it never stops");
                    }

                    @Override
                    public void injectRead(ByteBuf fromPeer, boolean end) {
                        throw new AssertionError("it makes no bytes");
                    }

                    @Override
                    public void injectWrite(ByteBuf toPeer, boolean end) {
                        throw new AssertionError("it makes no bytes");
                    }

                    @Override
                    public StreamInfo stream() {
                        return new StreamInfo(info, 0, 0);
                    }
                });
        return filter;
    }

    private @Nullable String seen() {
        FilterState.Value value = info.filterState().get("seen");
        return value == null ? null : value.serializeAsString();
    }

    @Test
    void withoutTlsTheHandshakesListIsAppliedAtOnce() {
        SetFilterStateFilter filter = filter(false);
        filter.onNewConnection();
        assertThat(seen()).isEqualTo("new handshake");
        filter.onConnected();
        filter.onData(Unpooled.EMPTY_BUFFER, false);
        filter.onData(Unpooled.EMPTY_BUFFER, true);
        assertThat(seen()).isEqualTo("new handshake data");
    }

    @Test
    void withTlsItWaits() {
        SetFilterStateFilter filter = filter(true);
        filter.onNewConnection();
        assertThat(seen()).isEqualTo("new");
        filter.onConnected();
        assertThat(seen()).isEqualTo("new handshake");
    }

    @Test
    void anObjectWithoutAFactoryIsRefused() {
        assertThat(
                        ConfigFixture.errors(
                                compile(
                                        "{on_downstream_data: [{object_key: mine, format_string:"
                                                + " {text_format_source: {inline_string: a}}}]}")))
                .singleElement()
                .asString()
                .contains("on_downstream_data[0].object_key", "does not have an object factory");
    }
}
