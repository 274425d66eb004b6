package dev.attache.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadersTest {

    private static final HeaderName X_A = HeaderName.of("X-A");
    private static final HeaderName X_B = HeaderName.of("x-b");

    @Test
    void namesAreLowerCaseAndWellKnownOnesAreOneObject() {
        assertThat(HeaderName.of("Content-Type")).isSameAs(HeaderName.CONTENT_TYPE);
        assertThat(X_A).hasToString("x-a").isEqualTo(HeaderName.of("x-a"));
        assertThat(HeaderName.PATH.isPseudo()).isTrue();
        assertThat(X_A.isPseudo()).isFalse();
    }

    @Test
    void addsKeepOrderAndDuplicates() {
        Headers headers = new Headers();
        headers.add(HeaderName.HOST, "a");
        headers.add(X_A, "1");
        headers.add(HeaderName.HOST, "b");
        headers.add(X_A, "2");
        assertThat(headers).hasToString("host: a\nx-a: 1\nhost: b\nx-a: 2\n");
        assertThat(headers.count(HeaderName.HOST)).isEqualTo(2);
        assertThat(headers.count(X_A)).isEqualTo(2);
        assertThat(headers.get(X_A)).isEqualTo("1");
        assertThat(headers.getJoined(X_A)).isEqualTo("1,2");
        assertThat(headers.getJoined(HeaderName.HOST)).isEqualTo("a,b");
        assertThat(headers.getJoined(X_B)).isNull();
        assertThat(headers.getOr(X_B, "none")).isEqualTo("none");
        assertThat(headers.byteSize()).isEqualTo(4 + 1 + 3 + 1 + 4 + 1 + 3 + 1);
    }

    @Test
    void charactersThatAreNoOctetsDoNotBecomeLineEnds() {
        Headers headers = new Headers();
        headers.add(X_A, "a\u010d\u010ab\u00e9");
        assertThat(headers.get(X_A)).isEqualTo("a??b\u00e9");
    }

    @Test
    void whatIsAddedToANameThatIsOneValueJoinsIt() {
        Headers request = new Headers(MessagePart.REQUEST, 1, 1);
        request.add(HeaderName.USER_AGENT, "");
        request.add(HeaderName.USER_AGENT, "");
        request.add(X_A, "1");
        request.add(X_A, "2");
        request.add(HeaderName.USER_AGENT, "a");
        request.add(HeaderName.USER_AGENT, AsciiString.of("b"));
        request.add(HeaderName.USER_AGENT, "");
        request.add(HeaderName.VARY, "v");
        request.add(HeaderName.VARY, "w");
        assertThat(request).hasToString("user-agent: a,b\nx-a: 1\nx-a: 2\nvary: v\nvary: w\n");
        assertThat(request.byteSize()).isEqualTo(10 + 3 + 4 + 4 + 5 + 5);
        assertThat(request.copy()).hasToString(request.toString());

        Headers response = new Headers(MessagePart.RESPONSE);
        response.add(HeaderName.VARY, "v");
        response.add(HeaderName.VARY, "w");
        response.add(HeaderName.USER_AGENT, "a");
        response.add(HeaderName.USER_AGENT, "b");
        assertThat(response).hasToString("vary: v,w\nuser-agent: a\nuser-agent: b\n");
    }

    @Test
    void whatACodecAddsJoinsWhenItHasAddedEverything() {
        Headers request = new Headers(MessagePart.REQUEST, 1, 1);
        for (String value : List.of("", "1", "", "2")) {
            request.addReceived(AsciiString.of("accept"), AsciiString.of(value));
            request.addReceived(AsciiString.of("x-a"), AsciiString.of(value));
            request.addReceived(AsciiString.of("via"), AsciiString.of("v" + value));
        }
        assertThat(request.count(HeaderName.ACCEPT)).isEqualTo(4);
        request.joinRepeated();
        assertThat(request)
                .hasToString("accept: 1,2\nx-a: \nvia: v,v1,v,v2\nx-a: 1\nx-a: \nx-a: 2\n");
        assertThat(request.byteSize()).isEqualTo(6 + 3 + 3 + 9 + 4 * 3 + 2);
        assertThat(request.count(HeaderName.ACCEPT)).isEqualTo(1);
        request.remove(HeaderName.VIA);
        assertThat(request.contains(HeaderName.VIA)).isFalse();
        request.clear();
        request.add(HeaderName.VIA, "again");
        assertThat(request).hasToString("via: again\n");
    }

    @Test
    void whichNamesAreOneValueDependsOnThePart() {
        assertThat(MessagePart.REQUEST.joins(HeaderName.X_REQUEST_ID)).isTrue();
        assertThat(MessagePart.RESPONSE.joins(HeaderName.X_REQUEST_ID)).isTrue();
        assertThat(MessagePart.RESPONSE_TRAILERS.joins(HeaderName.X_REQUEST_ID)).isFalse();
        assertThat(MessagePart.RESPONSE_TRAILERS.joins(HeaderName.GRPC_STATUS)).isTrue();
        assertThat(MessagePart.REQUEST_TRAILERS.joins(HeaderName.GRPC_STATUS)).isFalse();
        assertThat(MessagePart.REQUEST.joins(HeaderName.COOKIE)).isFalse();
        assertThat(MessagePart.REQUEST.joins(X_A)).isFalse();
    }

    @Test
    void setKeepsThePlaceOfTheFirstAndDropsTheOthers() {
        Headers headers = new Headers();
        headers.add(X_A, "1");
        headers.add(HeaderName.HOST, "h");
        headers.add(X_A, "2");
        headers.set(X_A, "three");
        headers.set(HeaderName.HOST, AsciiString.of("other"));
        headers.set(X_B, AsciiString.of("new"));
        assertThat(headers).hasToString("x-a: three\nhost: other\nx-b: new\n");
        assertThat(headers.byteSize()).isEqualTo(3 + 5 + 4 + 5 + 3 + 3);
        headers.setIfAbsent(X_B, "not");
        headers.setIfAbsent(HeaderName.VIA, "v");
        assertThat(headers.get(X_B)).isEqualTo("new");
        assertThat(headers.get(HeaderName.VIA)).isEqualTo("v");
    }

    @Test
    void removeTakesEveryFieldOfTheName() {
        Headers headers = new Headers();
        for (int i = 0; i < 300; i++) {
            headers.add(HeaderName.COOKIE, "c" + i);
            headers.add(X_A, "a" + i);
        }
        assertThat(headers.remove(HeaderName.COOKIE)).isEqualTo(300);
        assertThat(headers.contains(HeaderName.COOKIE)).isFalse();
        assertThat(headers.indexOf(HeaderName.COOKIE)).isEqualTo(-1);
        assertThat(headers.remove(X_A)).isEqualTo(300);
        assertThat(headers.remove(X_A)).isZero();
        assertThat(headers.isEmpty()).isTrue();
        assertThat(headers.byteSize()).isZero();
    }

    @Test
    void appendJoinedExtendsTheFirst() {
        Headers headers = new Headers();
        headers.appendJoined(HeaderName.X_FORWARDED_FOR, "1.1.1.1", ",");
        headers.appendJoined(HeaderName.X_FORWARDED_FOR, "2.2.2.2", ",");
        assertThat(headers.get(HeaderName.X_FORWARDED_FOR)).isEqualTo("1.1.1.1,2.2.2.2");
        headers.set(HeaderName.X_FORWARDED_FOR, "");
        headers.appendJoined(HeaderName.X_FORWARDED_FOR, "3.3.3.3", ",");
        assertThat(headers.get(HeaderName.X_FORWARDED_FOR)).isEqualTo("3.3.3.3");
    }

    @Test
    void appendJoinedStaysLastBehindEveryLineThatCame() {
        Headers headers = new Headers();
        headers.add(HeaderName.X_FORWARDED_FOR, "1.1.1.1");
        headers.add(X_A, "1");
        headers.add(HeaderName.X_FORWARDED_FOR, "6.6.6.6");
        headers.appendJoined(HeaderName.X_FORWARDED_FOR, "2.2.2.2", ",");
        assertThat(headers).hasToString("x-forwarded-for: 1.1.1.1,6.6.6.6,2.2.2.2\nx-a: 1\n");
    }

    @Test
    void bytesThatSpellAWellKnownNameAreIt() {
        Headers headers = new Headers();
        byte[] name = latin1("content-type");
        byte[] value = latin1("text/\u00e9");
        headers.add(name, 0, name.length, value, 0, value.length);
        assertThat(headers.knownName(0)).isSameAs(HeaderName.CONTENT_TYPE);
        assertThat(headers.get(HeaderName.CONTENT_TYPE)).isEqualTo("text/\u00e9");
        assertThat(headers.nameStart(0)).isEqualTo(-1);
        assertThat(headers.valueAscii(0).array()).isEqualTo(value);
    }

    @Test
    void spansOfReceivedText() {
        String head = "x-a: one\r\nhost: two\r\n";
        Headers headers = new Headers(MessagePart.NONE, 4, 1);
        int start = headers.receive(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1), 21);
        headers.addSpan(start, 3, hash("x-a"), start + 5, 3);
        headers.addSpan(start + 10, 4, hash("host"), start + 16, 3);
        assertThat(headers).hasToString("x-a: one\nhost: two\n");
        assertThat(headers.knownName(1)).isSameAs(HeaderName.HOST);
        assertThat(headers.byteSize()).isEqualTo(3 + 3 + 4 + 3);
        headers.setSpan(0, start + 16, 2);
        assertThat(headers.get(X_A)).isEqualTo("tw");
        assertThat(headers.byteSize()).isEqualTo(3 + 2 + 4 + 3);
        int end = headers.textEnd();
        headers.receive(Unpooled.copiedBuffer("junk", StandardCharsets.ISO_8859_1), 4);
        headers.truncateText(end);
        headers.add(X_B, "3");
        assertThat(headers).hasToString("x-a: tw\nhost: two\nx-b: 3\n");
    }

    @Test
    void copiesShareNothing() {
        Headers headers = new Headers();
        headers.add(HeaderName.HOST, "a");
        headers.add(X_A, "1");
        Headers copy = headers.copy();
        copy.set(X_A, "changed");
        copy.add(X_B, "2");
        headers.remove(HeaderName.HOST);
        assertThat(headers).hasToString("x-a: 1\n");
        assertThat(copy).hasToString("host: a\nx-a: changed\nx-b: 2\n");
        assertThat(new Headers().copy().isEmpty()).isTrue();
    }

    @Test
    void clearedHeadersServeAgain() {
        Headers headers = new Headers();
        headers.add(HeaderName.HOST, "x".repeat(20_000));
        headers.clear();
        assertThat(headers.contains(HeaderName.HOST)).isFalse();
        assertThat(headers.text().length).isLessThanOrEqualTo(8192);
        headers.add(HeaderName.HOST, "again");
        assertThat(headers).hasToString("host: again\n");
        assertThat(headers.byteSize()).isEqualTo(9);
    }

    @Test
    void comparesAndReadsNumbersInPlace() {
        Headers headers = new Headers();
        headers.add(HeaderName.CONTENT_LENGTH, 1234567890123L);
        headers.add(HeaderName.UPGRADE, "WebSocket");
        assertThat(headers.getLong(HeaderName.CONTENT_LENGTH)).isEqualTo(1234567890123L);
        assertThat(headers.getLong(HeaderName.UPGRADE)).isEqualTo(-1);
        assertThat(headers.getLong(HeaderName.VIA)).isEqualTo(-1);
        assertThat(headers.valueEqualsIgnoreCase(1, "websocket")).isTrue();
        assertThat(headers.valueEqualsIgnoreCase(1, "websockets")).isFalse();
        assertThat(headers.is(HeaderName.UPGRADE, AsciiString.of("WebSocket"))).isTrue();
        assertThat(headers.is(HeaderName.UPGRADE, AsciiString.of("websocket"))).isFalse();
        headers.set(HeaderName.CONTENT_LENGTH, "");
        assertThat(headers.getLong(HeaderName.CONTENT_LENGTH)).isEqualTo(-1);
        headers.set(HeaderName.CONTENT_LENGTH, "-1");
        assertThat(headers.getLong(HeaderName.CONTENT_LENGTH)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 15000, 99, 100, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void writesNumbersInDecimal(long number) {
        Headers headers = new Headers(MessagePart.NONE, 1, 1);
        headers.add(X_A, number);
        headers.add(X_A, "before");
        headers.set(X_B, number);
        headers.set(X_A, number);
        assertThat(headers.value(0)).isEqualTo(Long.toString(number));
        assertThat(headers.get(X_B)).isEqualTo(Long.toString(number));
        assertThat(headers.size()).isEqualTo(2);
        assertThat(headers.byteSize()).isEqualTo(6 + 2 * Long.toString(number).length());
    }

    @Test
    void copiesNames() {
        Headers headers = new Headers();
        headers.add(X_A, "1");
        headers.add(HeaderName.HOST, "h");
        byte[] out = "-----------".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(headers.copyName(0, out, 1)).isEqualTo(3);
        assertThat(headers.copyName(1, out, 5)).isEqualTo(4);
        assertThat(new String(out, StandardCharsets.ISO_8859_1)).isEqualTo("-x-a-host--");
        assertThat(headers.nameAscii(0).toString()).isEqualTo("x-a");
        assertThat(headers.nameLength(1)).isEqualTo(4);
    }

    @Test
    void agreesWithAListOfPairs() {
        Random random = new Random(7);
        HeaderName[] names = {X_A, X_B, HeaderName.HOST, HeaderName.COOKIE, HeaderName.of("x-c")};
        Headers headers = new Headers(MessagePart.NONE, 1, 1);
        List<String[]> model = new ArrayList<>();
        for (int step = 0; step < 4_000; step++) {
            HeaderName name = names[random.nextInt(names.length)];
            String value = "v".repeat(random.nextInt(5)) + step;
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    headers.add(name, value);
                    model.add(new String[] {name.toString(), value});
                }
                case 2 -> {
                    headers.set(name, value);
                    modelSet(model, name.toString(), value);
                }
                case 3 -> {
                    headers.remove(name);
                    model.removeIf(f -> f[0].equals(name.toString()));
                }
                default -> {
                    if (!model.isEmpty()) {
                        int i = random.nextInt(model.size());
                        headers.removeAt(i);
                        model.remove(i);
                    }
                }
            }
            if (random.nextInt(500) == 0) {
                headers.clear();
                model.clear();
            }
            assertSame(headers, model);
        }
    }

    private static void modelSet(List<String[]> model, String name, String value) {
        boolean found = false;
        for (int i = 0; i < model.size(); i++) {
            if (model.get(i)[0].equals(name)) {
                if (found) {
                    model.remove(i--);
                } else {
                    model.set(i, new String[] {name, value});
                    found = true;
                }
            }
        }
        if (!found) {
            model.add(new String[] {name, value});
        }
    }

    private static void assertSame(Headers headers, List<String[]> model) {
        StringBuilder expected = new StringBuilder();
        int bytes = 0;
        for (String[] field : model) {
            expected.append(field[0]).append(": ").append(field[1]).append('\n');
            bytes += field[0].length() + field[1].length();
        }
        assertThat(headers.toString()).isEqualTo(expected.toString());
        assertThat(headers.byteSize()).isEqualTo(bytes);
        assertThat(headers.size()).isEqualTo(model.size());
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int hash(String name) {
        byte[] bytes = latin1(name);
        return HeaderName.hash(bytes, 0, bytes.length);
    }
}
