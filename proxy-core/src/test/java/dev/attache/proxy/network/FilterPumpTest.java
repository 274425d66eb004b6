package dev.attache.proxy.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.stats.StatsStore;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gathers for a filter that waits; all buffers are given back at the end. */
class FilterPumpTest {

    private final EmbeddedConnection wire = new EmbeddedConnection();
    private final StatsStore stats = new StatsStore();
    private final List<String> delivered = new ArrayList<>();
    private NetworkFilter.Inspecting.Control control;
    private int wanted = Integer.MAX_VALUE;
    private int shown;

    @AfterEach
    void nothingIsLeft() {
        wire.finish();
    }

    private void pump(int limit, NetworkFilter.Inspecting... behind) {
        List<FilterPump.Named> filters = new ArrayList<>();
        filters.add(new FilterPump.Named("waiting", new Waiting()));
        for (NetworkFilter.Inspecting each : behind) {
            filters.add(new FilterPump.Named("behind", each));
        }
        wire.connection()
                .handler(
                        new FilterPump(
                                wire.connection(),
                                filters,
                                new Last(),
                                new FilterFaults(stats.scope("l."), "threw", 0),
                                limit));
        wire.connection().handler().onNewConnection();
    }

    private final class Waiting implements NetworkFilter.Inspecting {
        @Override
        public void attach(Control given) {
            control = given;
        }

        @Override
        public NetworkFilter.Status onData(ByteBuf data, boolean end) {
            shown = data.readableBytes();
            return shown < wanted ? NetworkFilter.Status.STOP : NetworkFilter.Status.CONTINUE;
        }
    }

    private final class Last implements NetworkFilter.Terminal {
        @Override
        public void onData(ByteBuf data, boolean end) {
            delivered.add(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            delivered.add(event.toString());
        }
    }

    @Test
    void bytesThatComeOneAtATimeReachTheNextFilterWhole() {
        pump(0);
        wanted = 3000;
        String text = "abc".repeat(1000);
        wire.feedByteByByte(text);
        assertThat(delivered).containsExactly(text);
    }

    @Test
    void theListenersLimitHoldsTheInputUntilTheFilterGoesOn() {
        pump(10);
        wire.feed("123456789");
        assertThat(wire.channel().config().isAutoRead()).isTrue();
        wire.feed("0");
        assertThat(wire.channel().config().isAutoRead()).isFalse();
        control.continueReading();
        assertThat(delivered).containsExactly("1234567890");
        assertThat(wire.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void aFilterThatTakesWhatItSeesMakesRoomAndWaitsForMore() {
        pump(10, new Taking());
        wire.feed("1234567890");
        assertThat(wire.channel().config().isAutoRead()).isFalse();
        control.continueReading();
        assertThat(delivered).isEmpty();
        assertThat(wire.channel().config().isAutoRead()).isTrue();
    }

    private static final class Taking implements NetworkFilter.Inspecting {
        @Override
        public NetworkFilter.Status onData(ByteBuf data, boolean end) {
            data.skipBytes(data.readableBytes());
            return NetworkFilter.Status.STOP;
        }
    }

    @Test
    void whatHasGatheredGoesWithTheConnection() {
        pump(0);
        wire.feed("one");
        wire.feed("two");
        assertThat(shown).isEqualTo(6);
        wire.disconnect();
        assertThat(delivered).containsExactly("REMOTE_CLOSE");
    }
}
