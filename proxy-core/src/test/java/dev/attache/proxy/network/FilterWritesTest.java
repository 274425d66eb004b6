package dev.attache.proxy.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What network filters may do with both directions of a connection. */
final class FilterWritesTest {
    private final EmbeddedConnection wire = new EmbeddedConnection();
    private final StatsStore stats = new StatsStore();
    private final List<String> seen = new ArrayList<>();
    private final Looking first = new Looking("first");
    private final Looking second = new Looking("second");
    private @Nullable StreamInfo ofLast;
    private @Nullable FilterPump pump;

    @AfterEach
    void nothingIsLeft() {
        wire.finish();
    }

    @Test
    void readsPassTheFirstFilterFirstAndWritesTheLast() {
        start();
        wire.feed("in");
        wire.connection().write(bytes("out"));
        assertThat(wire.writtenText()).isEqualTo("out");
        assertThat(seen)
                .containsExactly(
                        "first read in",
                        "second read in",
                        "last read in",
                        "second write out",
                        "first write out");
    }

    @Test
    void whatACodecPutsTogetherIsSeenWhenItLeaves() {
        start();
        wire.connection().output(16).writeBytes(new byte[] {'a'});
        wire.connection().output(16).writeBytes(new byte[] {'b'});
        assertThat(wire.writtenText()).isEqualTo("ab");
        assertThat(seen).containsExactly("second write ab", "first write ab");
    }

    @Test
    void aFilterPutsOtherBytesInPlaceOfWhatIsWritten() {
        second.changesWrites = true;
        start();
        wire.connection().write(bytes("out"));
        assertThat(wire.writtenText()).isEqualTo("<out>");
        assertThat(seen).containsExactly("second write out", "first write <out>");
    }

    @Test
    void aFilterWritesByItselfPastThoseNearerToThePeer() {
        start();
        second.control().injectWrite(bytes("hello"), false);
        assertThat(wire.writtenText()).isEqualTo("hello");
        assertThat(seen).containsExactly("first write hello");
    }

    @Test
    void theEndOfWhatIsWrittenPassesTheFiltersToo() {
        start();
        wire.connection().enableHalfClose(true);
        wire.connection().write(bytes("out"));
        wire.connection().shutdownOutput();
        assertThat(wire.writtenText()).isEqualTo("out");
        assertThat(seen).endsWith("second write  end", "first write  end");
    }

    @Test
    void aFilterThatKeepsTheEndDelaysIt() {
        second.keepsEnd = true;
        start();
        wire.connection().enableHalfClose(true);
        wire.connection().shutdownOutput();
        assertThat(seen).containsExactly("second write  end");
        second.control().injectWrite(bytes("last"), true);
        assertThat(wire.writtenText()).isEqualTo("last");
        assertThat(seen).containsExactly("second write  end", "first write last end");
    }

    @Test
    void aFilterPutsOtherBytesInPlaceOfWhatIsRead() {
        first.changesReads = true;
        start();
        wire.feed("in");
        assertThat(seen).containsExactly("first read in", "second read <in>", "last read <in>");
    }

    @Test
    void whatAFilterLeavesOfThemWaitsInFrontOfIt() {
        first.changesReads = true;
        second.wants = 6;
        start();
        wire.feed("ab");
        assertThat(seen).containsExactly("first read ab", "second read <ab>");
        wire.feed("c");
        assertThat(seen).endsWith("first read c", "second read <ab><c>", "last read <ab><c>");
    }

    @Test
    void aFilterGoesOnWithWhatWaits() {
        first.changesReads = true;
        second.wants = 100;
        start();
        wire.feed("ab");
        second.control().continueReading();
        assertThat(seen).endsWith("second read <ab>", "last read <ab>");
    }

    @Test
    void whatWaitsHoldsTheInputAtTheLimit() {
        first.changesReads = true;
        second.wants = 100;
        start(10);
        wire.feed("ab");
        assertThat(wire.channel().config().isAutoRead()).isTrue();
        wire.feed("cdef");
        assertThat(wire.channel().config().isAutoRead()).isFalse();
        second.control().continueReading();
        assertThat(seen).endsWith("second read <ab><cdef>", "last read <ab><cdef>");
        assertThat(wire.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void whatAFilterPutsInFrontGoesFirst() {
        second.wants = 3;
        start();
        first.control().injectRead(bytes(">"), false);
        wire.feed("ab");
        assertThat(seen)
                .containsExactly(
                        "second read >", "first read ab", "second read >ab", "last read >ab");
    }

    @Test
    void flagsAreThoseOfTheLastFilterWhereItHasAny() {
        ofLast = new StreamInfo(wire.connection().info(), 0, 0);
        start();
        first.control().stream().flag(ResponseFlag.DC);
        assertThat(ofLast.flags(false)).isEqualTo("DC");
    }

    @Test
    void withoutThemTheChainKeepsItsOwn() {
        FilterPump started = start();
        assertThat(started.streamSoFar()).isNull();
        second.control().stream().responseCodeDetails("said");
        assertThat(first.control().stream().responseCodeDetails()).isEqualTo("said");
        assertThat(started.streamSoFar()).isSameAs(first.control().stream());
    }

    @Test
    void whatAFilterThrowsCostsTheConnection() {
        first.throwsOnWrite = true;
        start();
        wire.connection().write(bytes("out"));
        assertThat(wire.writtenText()).isEmpty();
        assertThat(wire.isClosing()).isTrue();
        assertThat(wire.connection().info().terminationDetails())
                .isEqualTo("filter_exception{first}");
        assertThat(stats.counter("l.threw").value()).isEqualTo(1);
    }

    @Test
    void nothingPassesAfterTheClose() {
        start();
        wire.connection().close(CloseType.NO_FLUSH, "done");
        first.control().injectRead(bytes("late"), false);
        second.control().injectWrite(bytes("late"), false);
        assertThat(wire.writtenText()).isEmpty();
        assertThat(seen).noneMatch(line -> line.contains("read"));
    }

    /** As in Envoy, whose close does not ask the filters either. */
    @Test
    void whatAFilterKeepsIsLostAtTheClose() {
        second.keepsWrites = true;
        start();
        wire.connection().write(bytes("kept"));
        wire.connection().close(CloseType.FLUSH_WRITE, "done");
        assertThat(wire.connection().isOpen()).isFalse();
        ByteBuf late = bytes("kept");
        second.control().injectWrite(late, true);
        assertThat(wire.writtenText()).isEmpty();
        assertThat(late.refCnt()).isZero();
    }

    private FilterPump start() {
        return start(0);
    }

    private FilterPump start(int limit) {
        FilterPump made =
                new FilterPump(
                        wire.connection(),
                        List.of(
                                new FilterPump.Named("first", first),
                                new FilterPump.Named("second", second)),
                        new Last(),
                        new FilterFaults(stats.scope("l."), "threw", 0),
                        limit);
        pump = made;
        wire.connection().handler(made);
        made.onNewConnection();
        return made;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String text(ByteBuf data, boolean end) {
        return data.toString(StandardCharsets.ISO_8859_1) + (end ? " end" : "");
    }

    private final class Looking implements NetworkFilter.Inspecting {
        private final String name;
        private @Nullable Control control;
        private boolean changesReads;
        private boolean changesWrites;
        private boolean keepsEnd;
        private boolean keepsWrites;
        private boolean throwsOnWrite;
        private int wants;

        Looking(String name) {
            this.name = name;
        }

        Control control() {
            Control given = control;
            if (given == null) {
                throw new AssertionError("not attached");
            }
            return given;
        }

        @Override
        public void attach(Control given) {
            control = given;
        }

        @Override
        public boolean seesWrites() {
            return true;
        }

        @Override
        public NetworkFilter.Status onData(ByteBuf data, boolean end) {
            seen.add(name + " read " + text(data, end));
            if (changesReads) {
                String changed = "<" + text(data, false) + ">";
                data.skipBytes(data.readableBytes());
                control().injectRead(bytes(changed), end);
                return NetworkFilter.Status.STOP;
            }
            return data.readableBytes() < wants
                    ? NetworkFilter.Status.STOP
                    : NetworkFilter.Status.CONTINUE;
        }

        @Override
        public NetworkFilter.Status onWrite(ByteBuf data, boolean end) {
            seen.add(name + " write " + text(data, end));
            if (throwsOnWrite) {
                throw new IllegalStateException("broken");
            }
            if (changesWrites) {
                control().injectWrite(bytes("<" + text(data, false) + ">"), end);
                return NetworkFilter.Status.STOP;
            }
            return keepsWrites || keepsEnd && end
                    ? NetworkFilter.Status.STOP
                    : NetworkFilter.Status.CONTINUE;
        }
    }

    private final class Last implements NetworkFilter.Terminal {
        @Override
        public void onData(ByteBuf data, boolean end) {
            seen.add("last read " + text(data, end));
            data.release();
        }

        @Override
        public @Nullable StreamInfo stream() {
            return ofLast;
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            // Nothing is held.
        }
    }
}
