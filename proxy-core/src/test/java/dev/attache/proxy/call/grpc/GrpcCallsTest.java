package dev.attache.proxy.call.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** gRPC over a call that the test plays. */
class GrpcCallsTest {

    private final List<String> heard = new ArrayList<>();
    private final Played played = new Played();
    private final GrpcCalls calls = new GrpcCalls(played, UnpooledByteBufAllocator.DEFAULT);

    /** Keeps what is sent, and lets the test answer. */
    private static final class Played implements UpstreamCalls, UpstreamCall {
        final StringBuilder sent = new StringBuilder();
        @Nullable Headers head;
        @Nullable CallListener listener;
        @Nullable CallOptions options;
        boolean ended;
        boolean cancelled;

        @Override
        public UpstreamCall start(
                String cluster, Headers request, boolean end, CallOptions how, CallListener hears) {
            head = request;
            listener = hears;
            options = how;
            return this;
        }

        @Override
        public UpstreamCall start(
                GrpcChannel channel, Headers head, CallOptions how, CallListener hears) {
            throw new AssertionError("the service is a cluster");
        }

        @Override
        public void data(ByteBuf data, boolean end) {
            sent.append(ByteBufUtil.hexDump(data));
            data.release();
            ended = end;
        }

        @Override
        public void trailers(Headers trailers) {
            throw new AssertionError("a request has none");
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public Valve input() {
            return Valve.NONE;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isAboveHighWatermark() {
            return false;
        }

        @Override
        public UpstreamInfo upstream() {
            return new UpstreamInfo();
        }
    }

    private static FormatContext nothing() {
        IpAddress address = IpAddress.parse("127.0.0.1", 1);
        return FormatContext.of(
                new StreamInfo(new ConnectionInfo(1, 0, 0, address, address), 0, 0), null);
    }

    private CallListener unary() {
        calls.unary(
                GrpcService.of("c", 250),
                "p.S/M",
                text("hi"),
                nothing(),
                CallOptions.DEFAULT,
                new GrpcAnswer() {
                    @Override
                    public void onMessage(ByteBuf message) {
                        heard.add("message " + message.toString(StandardCharsets.US_ASCII));
                    }

                    @Override
                    public void onFailure(GrpcOutcome status) {
                        heard.add("failed " + status.code() + " " + status.message());
                    }
                });
        return played.listener;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static ByteBuf hex(String bytes) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(bytes));
    }

    private static Headers headers(String... pairs) {
        Headers headers = new Headers();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(HeaderName.of(pairs[i]), pairs[i + 1]);
        }
        return headers;
    }

    @Test
    void a_question_is_one_frame_and_the_end() {
        CallListener answer = unary();
        assertThat(played.sent).hasToString("0000000002" + "6869");
        assertThat(played.ended).isTrue();
        assertThat(played.head.get(HeaderName.PATH)).isEqualTo("/p.S/M");
        assertThat(played.head.get(HeaderName.GRPC_TIMEOUT)).isEqualTo("250m");
        assertThat(played.options.timeoutMillis()).isEqualTo(250);
        answer.onHeaders(headers(":status", "200", "content-type", "application/grpc"), false);
        for (String piece : List.of("00", "000000", "036f6b", "21")) {
            answer.onData(hex(piece), false);
        }
        assertThat(heard).isEmpty();
        answer.onTrailers(headers("grpc-status", "0"));
        assertThat(heard).containsExactly("message ok!");
    }

    @Test
    void the_last_of_several_messages_is_the_answer() {
        CallListener answer = unary();
        answer.onHeaders(headers(":status", "200"), false);
        answer.onData(hex("0000000001" + "61" + "0000000001" + "62"), false);
        answer.onTrailers(headers("grpc-status", "0"));
        assertThat(heard).containsExactly("message b");
    }

    @Test
    void no_message_is_no_answer() {
        CallListener answer = unary();
        answer.onHeaders(headers(":status", "200"), false);
        answer.onTrailers(headers("grpc-status", "0"));
        assertThat(heard).containsExactly("failed 13 ");
    }

    @Test
    void a_status_alone_is_decoded() {
        unary().onHeaders(
                        headers(
                                ":status",
                                "200",
                                "grpc-status",
                                "7",
                                "grpc-message",
                                "a%20b%C3%A9"),
                        true);
        assertThat(heard).containsExactly("failed 7 a b\u00e9");
    }

    @Test
    void what_is_no_gRPC_has_the_status_that_HTTP_means() {
        unary().onHeaders(headers(":status", "404"), false);
        assertThat(heard).containsExactly("failed 12 ");
        assertThat(played.cancelled).isTrue();
    }

    @Test
    void failures_of_the_call_are_unavailable_until_it_has_begun() {
        unary().onFailure(CallFailure.NO_HOST);
        CallListener begun = unary();
        begun.onHeaders(headers(":status", "200"), false);
        begun.onFailure(CallFailure.timeout(true));
        assertThat(heard)
                .containsExactly(
                        "failed 14 no healthy upstream", "failed 13 upstream request timeout");
    }

    @Test
    void compressed_and_unended_bodies_are_errors() {
        CallListener compressed = unary();
        compressed.onHeaders(headers(":status", "200"), false);
        compressed.onData(hex("0100000001" + "61"), false);
        CallListener unended = unary();
        unended.onHeaders(headers(":status", "200"), false);
        unended.onData(hex("0000000001" + "61"), true);
        assertThat(heard).containsExactly("failed 13 ", "failed 2 ");
    }

    @Test
    void a_message_that_is_too_long_is_refused_by_its_length() {
        GrpcService small =
                new GrpcService(
                        "c",
                        "c",
                        dev.attache.proxy.route.HeaderMutations.NONE,
                        true,
                        3,
                        null,
                        0,
                        null);
        GrpcStream stream =
                calls.stream(
                        small,
                        "p.S/M",
                        nothing(),
                        CallOptions.DEFAULT.timeout(0),
                        new GrpcListener() {
                            @Override
                            public void onMessage(ByteBuf message) {
                                heard.add("message");
                            }

                            @Override
                            public void onClosed(GrpcOutcome status, Headers trailers) {
                                heard.add("closed " + status.code());
                            }
                        });
        assertThat(played.head.contains(HeaderName.GRPC_TIMEOUT)).isFalse();
        stream.send(text("x"));
        stream.halfClose();
        assertThat(played.ended).isTrue();
        played.listener.onHeaders(headers(":status", "200"), false);
        played.listener.onData(hex("0000000003" + "616161"), false);
        played.listener.onData(hex("0000000004"), false);
        assertThat(heard).containsExactly("message", "closed 8");
    }

    @Test
    void a_listener_may_give_up_amid_messages() {
        List<GrpcStream> opened = new ArrayList<>();
        opened.add(
                calls.stream(
                        GrpcService.of("c", 0),
                        "p.S/M",
                        nothing(),
                        CallOptions.DEFAULT,
                        new GrpcListener() {
                            @Override
                            public void onMessage(ByteBuf message) {
                                heard.add("message");
                                opened.getFirst().cancel();
                            }

                            @Override
                            public void onClosed(GrpcOutcome status, Headers trailers) {
                                heard.add("closed");
                            }
                        }));
        played.listener.onHeaders(headers(":status", "200"), false);
        ByteBuf both = hex("0000000001" + "61" + "0000000001" + "62");
        played.listener.onData(both, false);
        assertThat(heard).containsExactly("message");
        assertThat(both.refCnt()).isZero();
    }
}
