package dev.attache.proxy.network.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.ResetLimits;
import dev.attache.proxy.stream.StreamInfo;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrematureResetsTest {

    private static final PipeAddress ADDRESS = new PipeAddress("peer", 0);

    private final PrematureResets resets = new PrematureResets(ResetLimits.DEFAULTS);

    private static StreamInfo stream(int status, long seconds) {
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, 0, 0, ADDRESS, ADDRESS), 0, 5);
        info.endNanos = 5 + TimeUnit.SECONDS.toNanos(seconds);
        if (status != 0) {
            info.responseCode(status);
        }
        return info;
    }

    private boolean end(int times, int status, long seconds) {
        boolean last = false;
        for (int i = 0; i < times; i++) {
            last = resets.isTooMany(stream(status, seconds));
        }
        return last;
    }

    @Test
    void halfOfTheLimitIsEnoughBecauseNothingCouldMakeUpForIt() {
        assertThat(end(249, 0, 0)).isFalse();
        assertThat(end(1, 0, 1)).isTrue();
    }

    @Test
    void answeredStreamsMakeUpForOthers() {
        assertThat(end(1000, 200, 0)).isFalse();
        assertThat(end(999, 0, 0)).isFalse();
        assertThat(end(1, 0, 0)).isTrue();
    }

    @Test
    void streamsThatLivedForAWhileDoNotCount() {
        assertThat(end(10_000, 0, 2)).isFalse();
    }

    @Test
    void limitsAreConfigurable() {
        PrematureResets strict = new PrematureResets(new ResetLimits(4, 10));
        assertThat(strict.isTooMany(stream(0, 10))).isFalse();
        assertThat(strict.isTooMany(stream(0, 10))).isTrue();
    }
}
