package dev.attache.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The worker knows while what was read is handled, and no longer. */
class HandlingTest {
    private final EmbeddedConnection wire = new EmbeddedConnection();
    private final List<Boolean> seen = new ArrayList<>();

    private void handler(boolean fails) {
        wire.connection()
                .handler(
                        new ConnectionHandler() {
                            @Override
                            public void onData(ByteBuf data, boolean end) {
                                data.release();
                                seen.add(wire.handles());
                                if (fails) {
                                    throw new IllegalStateException("as the test wants");
                                }
                            }

                            @Override
                            public void onClosed(ConnectionEvent event) {
                                seen.add(wire.handles());
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyMeanwhile(boolean fails) {
        handler(fails);
        assertThat(wire.handles()).isFalse();
        wire.feed("x");
        assertThat(seen.getFirst()).isTrue();
        assertThat(wire.handles()).isFalse();
        wire.finish();
    }

    @Test
    void notAtTheEnd() {
        handler(false);
        wire.finish();
        assertThat(seen).doesNotContain(true);
    }
}
