package dev.attache.server.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.attache.api.ApiTable;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.server.admin.message.MessageMask;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.stats.StatsPages;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests to the admin port: the same however they are cut, up to the first that is refused;
 * nothing leaks; and every query has an answer, which is JSON where JSON was asked for.
 */
@Tag("wire")
class AdminRequestFuzzTest {

    private static final StatsStore STORE = new StatsStore();
    private static final StatsPages PAGES =
            new StatsPages(STORE, new TagExtraction(List.of()), new HistogramBuckets(List.of()));

    static {
        STORE.scope("a.").counter("b\"\\").cell(0).inc();
        STORE.scope("a.").histogram("h", Histogram.Unit.BYTES);
    }

    static Stream<byte[]> requests() {
        return Stream.of(
                        "GET /stats?format=json&filter=(a%2b)%2b$&usedonly HTTP/1.1\r\n"
                                + "Host: a\r\n\r\n",
                        "GET /stats?format=prometheus&text_readouts&histogram_buckets=summary"
                                + " HTTP/1.1\r\nhost:a\r\n\r\nGET / HTTP/1.1\r\nHost: b\r\n\r\n",
                        "POST /logging?level=x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
                        "POST /l HTTP/1.1\r\n"
                                + "Host: a\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "1;a\r\n"
                                + "b\r\n"
                                + "0\r\n\r\n",
                        "GET /stats?histogram_buckets=none&format=json HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /config_dump?mask=node.id,static_resources.clusters HTTP/1.1\r\n"
                                + "Host:\r\n\r\n",
                        "GET /%zz?%zz=%&=&a==b&a HTTP/1.1\r\nHost: a\r\n\r\n",
                        "GET /",
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("requests")
    @FuzzTest
    void hasAnAnswer(byte[] bytes) throws IOException {
        List<AdminRequest> requests = new ArrayList<>();
        String whole = read(bytes, Math.max(1, bytes.length), requests);
        assertThat(read(bytes, 1, new ArrayList<>())).isEqualTo(whole);
        for (AdminRequest request : requests) {
            StatsPages.Page page = PAGES.stats(request.query());
            assertThat(page.status()).isIn(200, 400);
            if (page.form() == StatsPages.Form.JSON) {
                JsonFormat.parser().merge(page.body(), Struct.newBuilder());
            }
            assertThat(PAGES.prometheus(request.query()).status()).isIn(200, 400);
            if (request.has("mask")) {
                Bootstrap bootstrap = Bootstrap.newBuilder().setHeaderPrefix("x").build();
                MessageMask mask = MessageMask.of(request.get("mask"));
                if (mask != null && mask.fits(ApiTable.of(bootstrap))) {
                    assertThat(mask.keep(MessageBytes.of(bootstrap)).octets().size())
                            .isLessThanOrEqualTo(bootstrap.getSerializedSize());
                }
            }
        }
    }

    /** What was read, a line a request, and whether it was refused; nothing after a refusal. */
    private static String read(byte[] bytes, int piece, List<AdminRequest> requests) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new AdminRequestDecoder(), new HttpObjectAggregator(1 << 20));
        List<ByteBuf> given = new ArrayList<>();
        StringBuilder said = new StringBuilder();
        boolean refused = false;
        for (int i = 0; i < bytes.length && !refused; i += piece) {
            int length = Math.min(piece, bytes.length - i);
            ByteBuf part = Unpooled.directBuffer(length).writeBytes(bytes, i, length);
            given.add(part);
            channel.writeInbound(part);
            Object message;
            while ((message = channel.readInbound()) != null) {
                if (!refused && message instanceof FullHttpRequest request) {
                    AdminAdmission.Refusal refusal = AdminAdmission.check(request);
                    refused = refusal != null;
                    said.append(refused ? refusal.status() : "200 " + request.uri()).append('\n');
                    if (!refused) {
                        requests.add(AdminRequest.of(request.method().name(), request.uri()));
                    }
                }
                ReferenceCountUtil.release(message);
            }
        }
        try {
            channel.finishAndReleaseAll();
        } catch (PrematureChannelClosureException theBodyIsNotComplete) {
            assertThat(channel.isOpen()).isFalse();
        }
        assertThat(given).allMatch(part -> part.refCnt() == 0);
        return said.toString();
    }
}
