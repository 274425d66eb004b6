package dev.attache.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Newer fields and messages are read by name, as a generated class would read them. */
class OverlayTest {
    private static final String MANAGER =
            "envoy.extensions.filters.network.http_connection_manager.v3.";

    @Test
    void messagesOfANewerTypeAreReadOutOfTheirHolder() {
        StringMatcher value = StringMatcher.newBuilder().setExact("v").build();
        RouteMatch match =
                with(
                        RouteMatch.newBuilder().setPrefix("/"),
                        17,
                        spans(
                                bytes(1, text("a"), 2, text(value), 3, number(1)),
                                bytes(1, text("b"))));
        var cookies = Overlay.of(match).overlays("cookies");

        assertThat(cookies).hasSize(2);
        assertThat(cookies.get(0).type().fullName()).endsWith(".CookieMatcher");
        assertThat(cookies.get(0).text("name")).isEqualTo("a");
        assertThat(cookies.get(0).message("string_match", StringMatcher.getDefaultInstance()))
                .isEqualTo(value);
        assertThat(cookies.get(0).flag("invert_match")).isTrue();
        assertThat(cookies.get(1).text("name")).isEqualTo("b");
        assertThat(cookies.get(1).message("string_match", StringMatcher.getDefaultInstance()))
                .isNull();
        assertThat(cookies.get(1).has("invert_match")).isFalse();
    }

    @Test
    void whatIsNotSetHasTheDefaultOfItsType() {
        for (Message holder :
                new Message[] {
                    Http2ProtocolOptions.getDefaultInstance(),
                    with(Http2ProtocolOptions.newBuilder(), 999, number(1))
                }) {
            Overlay options = Overlay.of(holder);
            assertThat(options.has("max_header_field_size_kb")).isFalse();
            assertThat(options.number("max_header_field_size_kb")).isZero();
            assertThat(options.flag("enable_huffman_encoding")).isFalse();
            assertThat(options.overlay("stream_reset_burst")).isNull();
            assertThat(
                            options.message(
                                    "max_header_field_size_kb", UInt32Value.getDefaultInstance()))
                    .isNull();
        }
    }

    @Test
    void wrappersTellNoneFromTheDefault() {
        Overlay options =
                Overlay.of(
                        with(
                                with(
                                        Http2ProtocolOptions.newBuilder(),
                                        19,
                                        text(UInt32Value.of(200)))
                                        .toBuilder(),
                                20,
                                spans(ByteString.EMPTY)));

        assertThat(options.number("max_header_field_size_kb")).isEqualTo(200);
        assertThat(options.has("disallow_obs_text")).isTrue();
        assertThat(options.flag("disallow_obs_text")).isFalse();
    }

    @Test
    void numbersMayBePackedOrNot() throws InvalidProtocolBufferException {
        Overlay ports =
                Overlay.parse(
                        type(MANAGER + "ForwardProtoConfig"),
                        bytes(
                                1,
                                spans(ByteString.copyFrom(new byte[] {1, (byte) 0x80, 1})),
                                2,
                                Field.newBuilder().addVarint(443).addVarint(-1L).build()));

        assertThat(ports.numbers("https_destination_ports")).containsExactly(1L, 128L);
        assertThat(ports.numbers("http_destination_ports")).containsExactly(443L, 0xffff_ffffL);
        assertThat(ports.has("http_destination_ports")).isTrue();
    }

    @Test
    void ofASingleValueTheLastCountsAndMessagesAreMerged() {
        HttpConnectionManager.Tracing tracing =
                with(
                        HttpConnectionManager.Tracing.newBuilder(),
                        11,
                        spans(ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("b")));
        Http2ProtocolOptions options =
                with(
                        Http2ProtocolOptions.newBuilder(),
                        19,
                        spans(UInt32Value.of(64).toByteString(), ByteString.EMPTY));

        assertThat(Overlay.of(tracing).text("operation")).isEqualTo("b");
        assertThat(Overlay.of(options).number("max_header_field_size_kb")).isEqualTo(64);
    }

    @Test
    void ofAOneofTheLastFieldIsSet() throws InvalidProtocolBufferException {
        MessageType type = type("envoy.type.matcher.v3.StringMatcher");
        ByteString prefixThenExact = bytes(2, text("p")).concat(bytes(1, text("e")));

        Overlay matcher = Overlay.parse(type, prefixThenExact);

        assertThat(matcher.text("exact")).isEqualTo("e");
        assertThat(matcher.has("prefix")).isFalse();
    }

    @Test
    void ofAMapTheLastEntryOfAKeyCounts() throws InvalidProtocolBufferException {
        Overlay files =
                Overlay.parse(
                        type("envoy.extensions.filters.http.file_server.v3.FileServerConfig"),
                        bytes(
                                3,
                                spans(
                                        bytes(1, text("a"), 2, text("x")),
                                        bytes(1, text("b")),
                                        bytes(1, text("a"), 2, text("y")))));

        assertThat(files.entries("content_types")).containsOnlyKeys("a", "b");
        assertThat(files.entries("content_types").get("a").text("value")).isEqualTo("y");
    }

    @Test
    void aFieldThatThereIsNotOrThatIsOfAnotherKindIsAMistake() {
        Overlay match = Overlay.of(with(RouteMatch.newBuilder(), 17, spans(ByteString.EMPTY)));

        assertThatIllegalArgumentException().isThrownBy(() -> match.has("cookie"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> match.text("prefix"))
                .withMessageContaining("newer");
        assertThatIllegalArgumentException().isThrownBy(() -> match.text("cookies"));
        assertThatIllegalArgumentException().isThrownBy(() -> match.flag("cookies"));
    }

    @Test
    void bytesThatAreNoMessageAreTold() {
        ByteString truncated = ByteString.copyFrom(new byte[] {1 << 3 | 2, 5, 'a'});
        Overlay match = Overlay.of(with(RouteMatch.newBuilder(), 17, spans(truncated)));

        assertThatIllegalStateException().isThrownBy(() -> match.overlays("cookies"));
    }

    private static MessageType type(String name) {
        return Objects.requireNonNull(ApiTable.message(name), name);
    }

    /** The message with a field that its class does not know. */
    @SuppressWarnings("unchecked") // a builder builds messages of its class
    private static <M extends Message> M with(Message.Builder builder, int number, Field field) {
        UnknownFieldSet fields =
                builder.getUnknownFields().toBuilder().addField(number, field).build();
        return (M) builder.setUnknownFields(fields).build();
    }

    private static ByteString bytes(Object... numbersAndFields) {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        for (int i = 0; i < numbersAndFields.length; i += 2) {
            fields.addField((Integer) numbersAndFields[i], (Field) numbersAndFields[i + 1]);
        }
        return fields.build().toByteString();
    }

    private static Field number(long value) {
        return Field.newBuilder().addVarint(value).build();
    }

    private static Field text(String text) {
        return spans(ByteString.copyFromUtf8(text));
    }

    private static Field text(Message message) {
        return spans(message.toByteString());
    }

    private static Field spans(ByteString... spans) {
        Field.Builder field = Field.newBuilder();
        for (ByteString span : spans) {
            field.addLengthDelimited(span);
        }
        return field.build();
    }
}
