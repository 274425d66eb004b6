package dev.attache.filters.istio.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stream.StreamInfo;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One reader for many streams: nothing of one is left to the next. */
class DestinationServiceTest {
    private final DestinationService service = new DestinationService();

    private String of(Consumer<StreamInfo> about, String host) {
        IpAddress address = IpAddress.parse("192.0.2.1", 80);
        StreamInfo info = new StreamInfo(new ConnectionInfo(1, 0, 0, address, address), 0, 0);
        about.accept(info);
        Headers request = new Headers(MessagePart.REQUEST);
        request.add(HeaderName.AUTHORITY, host);
        service.find(info, request);
        return service.host + "|" + service.name + "|" + service.namespace;
    }

    @Test
    void clustersTakeTurns() {
        Consumer<StreamInfo> whole =
                StatsLab.cluster("one", "{services: [{host: a.b.c, name: api, namespace: x}]}");
        Consumer<StreamInfo> named = StatsLab.cluster("two", "{services: [{name: other}]}");
        Consumer<StreamInfo> empty = StatsLab.cluster("three", "{services: [{}]}");
        Consumer<StreamInfo> none = StatsLab.cluster("four", "{services: []}");
        for (int i = 0; i < 2; i++) {
            assertThat(of(whole, "web.shop")).isEqualTo("a.b.c|api|x");
            assertThat(of(whole, "other.shop")).isEqualTo("a.b.c|api|x");
            assertThat(of(named, "web.shop")).isEqualTo("web.shop|other|");
            assertThat(of(empty, "web.shop")).isEqualTo("web.shop|web|");
            assertThat(of(empty, "other.shop")).isEqualTo("other.shop|other|");
            assertThat(of(none, "web.shop")).isEqualTo("web.shop|web.shop|");
            assertThat(of(info -> info.routeName = "block_all", "web.shop"))
                    .isEqualTo("web.shop|BlackHoleCluster|");
        }
    }

    @Test
    void withoutMetadataTheHostIsIt() {
        assertThat(
                        of(
                                info -> {
                                    info.clusterName = "up";
                                    info.cluster = () -> 1;
                                    info.clusterMetadata = Metadata.EMPTY;
                                },
                                "web.shop"))
                .isEqualTo("web.shop|web.shop|");
    }
}
