package dev.attache.server.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.spec.SocketSettings;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.history.XdsHistory;
import dev.attache.server.plane.version.LoopPreparations;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Publisher;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a listener that leaves still has open is read where it is counted. */
final class DrainingListenersTest {

    private final StatsStore stats = new StatsStore();

    @Test
    void noStatisticIsMadeBesideTheOneThatCounts() {
        stats.scope("listener.127.0.0.1:80.").gauge("downstream_cx_active").set(7);
        new DrainingListeners(plane(), stats.scope("listener_manager.")).listener(listener());
        assertThat(stats.gauges())
                .extracting(each -> each.name())
                .filteredOn(name -> name.endsWith("downstream_cx_active"))
                .containsExactly("listener.127.0.0.1_80.downstream_cx_active");
    }

    private static ListenerSpec listener() {
        return new ListenerSpec(
                "web",
                Objects.requireNonNull(IpAddress.parseWithPort("127.0.0.1:80")),
                List.of(),
                "",
                true,
                false,
                List.of(),
                0,
                false,
                List.of(),
                null,
                null,
                TrafficDirection.UNSPECIFIED,
                0,
                0,
                SocketSettings.DEFAULTS,
                ListenerSpec.ConnectionBalance.NONE,
                0,
                false,
                false,
                ListenerSpec.DrainType.DEFAULT,
                List.of(),
                Metadata.EMPTY,
                "fingerprint");
    }

    private PlaneContext plane() {
        return new PlaneContext(
                new StillLoop(),
                stats,
                task -> {},
                types -> () -> {},
                new Publisher(
                        new StillLoop(),
                        snapshot -> {
                            throw new AssertionError("nothing is published");
                        },
                        () -> () -> {}),
                Duration.ZERO,
                new XdsHistory(Instant::now),
                new LoopPreparations(
                        new StillLoop(), new CallGate(new DefaultEventLoop(), new NoCalls())));
    }
}
