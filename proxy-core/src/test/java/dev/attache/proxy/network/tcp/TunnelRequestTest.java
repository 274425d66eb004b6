package dev.attache.proxy.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.worker.EventLoopWorker;
import io.netty.channel.DefaultEventLoop;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TunnelRequestTest {

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final ConnectionInfo connection =
            new ConnectionInfo(
                    1, 0, 0, IpAddress.parse("127.0.0.1", 1), IpAddress.parse("127.0.0.1", 2));
    private final StreamInfo info = new StreamInfo(connection, 0, 0);

    @AfterEach
    void close() {
        loop.shutdownGracefully();
    }

    private TunnelRequest request(boolean post, TcpProxySpec.@Nullable RequestId id) {
        return new TunnelRequest(
                new TcpProxySpec.Tunneling(
                        Formatter.parse("%DYNAMIC_METADATA(tunnel:to)%"),
                        post,
                        "/p",
                        HeaderMutations.NONE,
                        true,
                        true,
                        id),
                new EventLoopWorker(loop, 0));
    }

    private void to(String address) {
        connection
                .dynamicMetadata()
                .merge(
                        "tunnel",
                        new MetadataValue.Struct(Map.of("to", new MetadataValue.Text(address))));
    }

    @Test
    void connectHasAnAuthorityAlone() {
        to("10.0.0.1:80");
        Headers head = request(false, null).head(info, true, true);
        assertThat(head).isNotNull();
        assertThat(head.size()).isEqualTo(2);
        assertThat(head.get(HeaderName.METHOD)).isEqualTo("CONNECT");
        assertThat(head.get(HeaderName.AUTHORITY)).isEqualTo("10.0.0.1:80");
    }

    @Test
    void postHasAPathAndOverHttp2AScheme() {
        to("a.test");
        assertThat(request(true, null).head(info, true, true).get(HeaderName.SCHEME))
                .isEqualTo("https");
        assertThat(request(true, null).head(info, true, false).get(HeaderName.SCHEME))
                .isEqualTo("http");
        Headers overHttp1 = request(true, null).head(info, false, true);
        assertThat(overHttp1.get(HeaderName.SCHEME)).isNull();
        assertThat(overHttp1.get(HeaderName.PATH)).isEqualTo("/p");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\nevil: x", "a b", "a\tb", "a\u0000b", "\u00e4.test", "a\u007f", ""})
    void whatIsNoAuthorityIsNotSent(String address) {
        to(address);
        assertThat(request(false, null).head(info, true, true)).isNull();
    }

    @Test
    void eachTunnelHasAnIdOfItsOwn() {
        to("a.test:1");
        TunnelRequest request =
                request(false, new TcpProxySpec.RequestId(HeaderName.of("x-id"), "id"));
        String first = request.head(info, true, false).get(HeaderName.of("x-id"));
        String second = request.head(info, true, false).get(HeaderName.of("x-id"));
        assertThat(first).isNotNull().isNotEqualTo(second);
        assertThat(UUID.fromString(first).version()).isEqualTo(4);
        assertThat(UUID.fromString(first).variant()).isEqualTo(2);
        assertThat(
                        connection
                                .dynamicMetadata()
                                .get("envoy.filters.network.tcp_proxy", List.of("id")))
                .isEqualTo(new MetadataValue.Text(second));
    }

    @Test
    void answersAreKeptAsFilterState() {
        Headers response = new Headers(MessagePart.RESPONSE, 32, 2);
        response.add(HeaderName.STATUS, "200");
        request(false, null).onHeaders(info, response);
        FilterState.Value kept =
                connection.filterState().get("envoy.tcp_proxy.propagate_response_headers");
        assertThat(kept).isInstanceOf(TunnelHeaders.class);
        assertThat(kept.serializeAsString())
                .isEqualTo("{\"headers\":[{\"key\":\":status\",\"value\":\"200\"}]}");
    }

    @Test
    void furtherAttemptsWaitLongerUpToTheLimit() {
        TcpProxySpec.Backoff backoff = new TcpProxySpec.Backoff(100, 250);
        assertThat(backoff.draw(1, 99)).isEqualTo(99);
        assertThat(backoff.draw(1, 100)).isZero();
        assertThat(backoff.draw(2, 199)).isEqualTo(199);
        assertThat(backoff.draw(3, 249)).isEqualTo(249);
        assertThat(backoff.draw(60, 250)).isZero();
    }
}
