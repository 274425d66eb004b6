package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests are read, limited and refused on the server side. */
final class Http1RequestReadingTest extends ServerCodecCases {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsARequestAndKeepsTheConnection(boolean byteByByte) {
        String text = "GET /a?b HTTP/1.1\r\nHost: h:1\r\nX-Foo:  bar \r\nx-empty:\r\n\r\n";
        for (int i = 0; i < 3; i++) {
            if (byteByByte) {
                wire.feedByteByByte(text);
            } else {
                wire.feed(text);
            }
            assertThat(requests).hasSize(i + 1);
            assertThat(last().events).containsExactly("headers end");
            assertThat(last().headers.toString())
                    .isEqualTo(
                            ":method: GET\n:path: /a?b\n:authority: h:1\nx-foo: bar\nx-empty: \n");
            answer("204", true);
            assertThat(wire.writtenText()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
            assertThat(last().events).containsExactly("headers end", "closed");
            assertThat(stream.wireBytesReceived()).isEqualTo(text.length());
            // Names, values and three octets for each field: how Envoy counts.
            assertThat(stream.headerBytesReceived())
                    .isEqualTo("Hosth:1".length() + "X-Foobar".length() + "x-empty".length() + 9);
        }
        assertThat(wire.isClosing()).isFalse();
    }

    @Test
    void theFirstOctetOpensTheStreamAndEmptyLinesDoNot() {
        wire.feed("\r\n\r\n");
        assertThat(requests).isEmpty();
        wire.feed("G");
        assertThat(requests).hasSize(1);
        assertThat(last().events).isEmpty();
        answer("408", true);
        assertThat(wire.writtenText())
                .isEqualTo(
                        "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n"
                                + "content-length: 0\r\n\r\n");
        assertThat(wire.isClosing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"})
    void anAbortedDispatchAnswersWhateverHasCome(String before) {
        wire.feed(before);
        codec.abortDispatch();
        assertThat(requests).hasSize(1);
        assertThat(last().events).endsWith("aborted");
        answer("500", true);
        assertThat(wire.writtenText()).startsWith("HTTP/1.1 500 ");
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void anAbortedDispatchCutsAResponseThatHasBegun() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        answer("200", false);
        codec.abortDispatch();
        assertThat(last().events).containsExactly("headers end", "reset PROTOCOL_ERROR");
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void aHeadThatStaysIncompleteIsResetWithItsConnection() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n");
        wire.disconnect();
        assertThat(last().events).containsExactly("reset CONNECTION_TERMINATION");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsBodies(boolean byteByByte) {
        answerAtEnd = true;
        String text =
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                        + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                        + "3;x=\"y\"\r\nabc\r\n00A \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
                        + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        if (byteByByte) {
            wire.feedByteByByte(text);
        } else {
            wire.feed(text);
        }
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0).body).hasToString("hello");
        assertThat(requests.get(1).body).hasToString("abc0123456789");
        assertThat(requests.get(1).events).containsExactly("headers", "data end", "closed");
        assertThat(wire.writtenText())
                .isEqualTo(
                        (OK + "content-length: 0\r\n\r\n").repeat(2)
                                + OK
                                + "connection: close\r\ncontent-length: 0\r\n\r\n");
        assertThat(wire.isClosing()).isTrue();
    }

    /** Raw text with \n for CRLF, ~ for NUL, ^ for bare CR, | for bare LF. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "POST / HTTP/1.1\\nHost: a\\nContent-Length: 5\\nTransfer-Encoding: chunked\\n\\n"
                        + ";400 http1.content_length_and_chunked_not_allowed",
                "POST / HTTP/1.1\\nHost: a\\nContent-Length: 0\\nTransfer-Encoding: chunked\\n\\n"
                        + ";400 http1.content_length_and_chunked_not_allowed",
                "POST / HTTP/1.1\\nTransfer-Encoding: gzip, chunked\\n\\n;501"
                        + " http1.invalid_transfer_encoding",
                "POST / HTTP/1.1\\nTransfer-Encoding: chunked, identity\\n\\n;501"
                        + " http1.invalid_transfer_encoding",
                "POST / HTTP/1.1\\nTransfer-Encoding: xchunked\\n\\n;501"
                        + " http1.invalid_transfer_encoding",
                "POST / HTTP/1.1\\nTransfer-Encoding:\\n\\n;501 http1.invalid_transfer_encoding",
                "POST / HTTP/1.1\\nTransfer-Encoding: chunked\\nTransfer-Encoding: chunked\\n\\n"
                        + ";501 http1.invalid_transfer_encoding",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length: 0\\nContent-Length: 0\\n\\n;400"
                        + " http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length: 0, 0\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length: +0\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length: -1\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length:\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length: 1_0\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nContent-Length: 18446744073709551616\\n\\n;400"
                        + " http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nFoo : x\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\n Host: a\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nFoo\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\n: x\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\n:path: /x\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nF(o: x\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nFoo: a~b\\n\\n;400 http1.invalid_characters",
                "GET / HTTP/1.1\\nHost: a\\nFoo: a^b\\n\\n;400 http1.invalid_characters",
                "GET / HTTP/1.1\\nHost: a\\nHost: a\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a b\\n\\n;400 http.invalid_authority",
                "GET / HTTP/1.1\\nHost: a/b\\n\\n;400 http.invalid_authority",
                "FOO / HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "get / HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "PRI * HTTP/2.0\\n\\n;400 http1.codec_error",
                "GET  / HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1 \\nHost: a\\n\\n;400 http1.codec_error",
                "GET /a b HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "GET /~ HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_characters",
                "GET /\u007f HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_characters",
                "GET /a^b HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "GET a HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "G~T / HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_characters",
                "GET http://a@@b/x HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "GET http://a#b HTTP/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "GET http://[::1/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://[::1]x/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://[1:2]/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://a.test:99999/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://a.test:/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://a.test:x/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://a%20b/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://a_b/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http://a@b@c/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET https://a,b/ HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET h2c+x://b/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_scheme",
                "GET / HTTP/2.0\\nHost: a b\\n\\n;426 low_version",
                "GET http://[ HTTP/1.0\\nHost: a\\n\\n;400 http1.invalid_url",
                "POST / HTTP/1.1\\nTransfer-Encoding: gzip\\nContent-Length: 5\\n\\n"
                        + ";400 http1.content_length_and_chunked_not_allowed",
                "CONNECT b:80:80 HTTP/1.1\\nHost: b\\n\\n;400 http1.invalid_url",
                "CONNECT b:99999 HTTP/1.1\\nHost: b\\n\\n;400 http1.invalid_url",
                "CONNECT u@b:80 HTTP/1.1\\nHost: b\\n\\n;400 http1.invalid_url",
                "hello;400 http1.codec_error",
                "GET * HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET http:///x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_url",
                "GET ftp://b/x HTTP/1.1\\nHost: a\\n\\n;400 http1.invalid_scheme",
                "GET / HTTP/1.0\\nHost: a\\n\\n;426 low_version",
                "GET / HTTP/1.2\\nHost: a\\n\\n;426 low_version",
                "GET / HTTP/2.0\\nHost: a\\n\\n;426 low_version",
                "GET /\\n\\n;426 low_version",
                "GET /\\n;426 low_version",
                "GET / \\n;426 low_version",
                "GET / HTTP/3\\nHost: a\\n\\n;400 http1.codec_error",
                "GET / http/1.1\\nHost: a\\n\\n;400 http1.codec_error",
                "GET / HTTP/1.1\\nHost: a\\nConnection: x-forwarded-for\\n\\n;400"
                        + " http1.connection_header_rejected",
                "GET / HTTP/1.1\\nHost: a\\nConnection: :path\\n\\n;400"
                        + " http1.connection_header_rejected",
                "GET / HTTP/1.1\\nHost: a\\nConnection: a,b,c,d,e,f,g,h,i,j\\n\\n;400"
                        + " http1.connection_header_rejected",
                "CONNECT b:80 HTTP/1.1\\nHost: b:80\\nContent-Length: 3\\n\\n;400"
                        + " http1.body_disallowed",
                "CONNECT b:80 HTTP/1.1\\nTransfer-Encoding: chunked\\n\\n;501"
                        + " http1.invalid_transfer_encoding",
                "CONNECT b HTTP/1.1\\nHost: b:80\\n\\n;400 http1.invalid_url",
                "CONNECT / HTTP/1.1\\nHost: b:80\\n\\n;400 http1.invalid_url",
            })
    void refuses(String escaped, String error) {
        String text =
                escaped.replace("\\n", "\r\n")
                        .replace('~', '\0')
                        .replace('^', '\r')
                        .replace('|', '\n');
        wire.feed(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(requests).hasSize(1);
        assertThat(last().events).containsExactly("error " + error);
        assertThat(stream.codecDetails()).isEqualTo(error.substring(4));
        answer(error.substring(0, 3), true);
        assertThat(wire.writtenText()).contains("\r\nconnection: close\r\n");
        assertThat(wire.isClosing()).isTrue();
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x3\\nabc",
                "-1\\nabc",
                "\\nabc",
                "10000000000000003\\nabc",
                "3;a|abc",
                "3;a^b\\nabc",
                " 3\\nabc",
                "3 x\\nabc",
                "3|abc",
                "3\\nabc0\\n\\n",
                "3\\nabcd\\n0",
                "3\\nabc|0\\n\\n",
                "3\\nabc\\n0\\nFoo b\\n\\n",
                "3\\nabc\\n0\\nFo o: b\\n\\n",
                "3\\nabc\\n0||",
                "3 3\\nabc",
            })
    void refusesBadChunks(String escaped) {
        String chunks = escaped.replace("\\n", "\r\n").replace('^', '\r').replace('|', '\n');
        wire.feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        assertThat(requests).hasSize(1);
        assertThat(last().events).containsExactly("headers", "error 400 http1.codec_error");
        answer("400", true);
        assertThat(wire.isClosing()).isTrue();
    }

    @Test
    void acceptsWhatEnvoyAccepts() {
        answerAtEnd = true;
        wire.feed("\r\n\nGET / HTTP/1.1\nHost: a\nFoo: x\r\n  y\r\n\t\r\nBar: \u00ff\tz\r\n\n");
        assertThat(last().headers.toString())
                .isEqualTo(":method: GET\n:path: /\n:authority: a\nfoo: x y\nbar: \u00ff\tz\n");
        wire.feed("OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        assertThat(last().events).containsExactly("headers end", "closed");
        wire.feed("GET HTTPS://u@B:80/x?y HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(last().headers.get(HeaderName.AUTHORITY)).isEqualTo("B:80");
        assertThat(last().headers.get(HeaderName.PATH)).isEqualTo("/x?y");
        assertThat(last().headers.get(HeaderName.SCHEME)).isEqualTo("https");
        wire.feed("GET http://b HTTP/1.1\r\n\r\n");
        assertThat(last().headers.get(HeaderName.PATH)).isEqualTo("/");
        assertThat(wire.isClosing()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://u:p@a.test:80/x?y, a.test:80, /x?y",
        "HTTP://A.test, A.test, /",
        "https://[::ffff:1.2.3.4]:00443/, [::ffff:1.2.3.4]:00443, /",
        "http://[1.2.3.4]/, [1.2.3.4], /",
    })
    void theHostOfTheTargetReplacesTheField(String target, String authority, String path) {
        wire.feed("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(last().headers.get(HeaderName.AUTHORITY)).isEqualTo(authority);
        assertThat(last().headers.get(HeaderName.PATH)).isEqualTo(path);
        answer("200", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0"})
    void otherVersionsAreHttp10WhereThatIsAccepted(String version) {
        codec(options(true, HeaderKeyFormat.LOWER_CASE, false, UnderscoreAction.ALLOW));
        wire.feed("GET / " + version + "\r\n\r\n");
        assertThat(last().headers.get(HeaderName.AUTHORITY)).isEqualTo("default.host");
        answer("200", true);
        assertThat(wire.writtenText()).startsWith("HTTP/1.0 200 OK\r\n");
    }

    @Test
    void aLineWithoutVersionIsAWholeRequest() {
        codec(options(true, HeaderKeyFormat.LOWER_CASE, false, UnderscoreAction.ALLOW));
        wire.feed("GET /simple\r\nHost: a\r\n\r\n");
        assertThat(last().events).containsExactly("headers end");
        assertThat(last().headers.get(HeaderName.AUTHORITY)).isEqualTo("default.host");
        answer("200", true);
        assertThat(wire.isClosing()).isTrue();
        assertThat(requests).hasSize(1);
    }

    @Test
    void limitsHeads() {
        wire.feed("GET /" + "a".repeat(61 * 1024) + " HTTP/1.1\r\n");
        assertThat(last().events).containsExactly("error 431 http1.headers_too_large");
    }

    @Test
    void limitsHeadsThatTrickleIn() {
        wire.feed("GET / HTTP/1.1\r\nFoo: ");
        for (int i = 0; i < 61; i++) {
            wire.feed("a".repeat(1024));
        }
        assertThat(last().events).containsExactly("error 431 http1.headers_too_large");
    }

    @Test
    void limitsTheNumberOfFields() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(99) + "\r\n");
        assertThat(last().events).containsExactly("headers end");
        answer("200", true);
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(100) + "\r\n");
        assertThat(last().events).containsExactly("error 431 http1.too_many_headers");
    }

    @Test
    void judgesAHeadWhenItIsWhole() {
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\nno field\r\n");
        assertThat(last().events).isEmpty();
        wire.feed("\r\n");
        assertThat(last().events).containsExactly("error 400 http1.codec_error");
    }

    @ParameterizedTest
    @CsvSource({
        "http1.invalid_characters, 'no field~x: \u0001~'",
        "http1.invalid_characters, 'x\u0001: y~'",
        "http1.codec_error, 'x\t: y~'",
        "http1.codec_error, 'MANYno field~'",
        "http1.codec_error, 'MANYContent-Length: x~'",
        "http1.too_many_headers, 'MANYx\": y~'",
        "http1.codec_error, 'x\": y~MANY'"
    })
    void namesTheWorstOfTheFaultsOfAHead(String details, String fields) {
        String lines = fields.replace("MANY", "a: b~".repeat(101)).replace("~", "\r\n");
        wire.feed("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
        assertThat(last().events)
                .singleElement()
                .asString()
                .startsWith("error ")
                .endsWith(" " + details);
    }
}
