package dev.attache.filters.tracers.zipkin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.tracing.TraceIds;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** B3's headers are a context, no context, or malformed; what is read stands in them. */
@Tag("wire")
class B3ContextFuzzTest {

    static Stream<byte[]> texts() {
        return Stream.of(
                        "0",
                        "d",
                        "0000000000000abc-0000000000000def",
                        "0000000000000abc-0000000000000def-1",
                        "0000000000000abc-0000000000000def-1-0000000000000aaa",
                        "0000000000000abc0000000000000abd-0000000000000def-d-0000000000000aaa",
                        "0000000000000abc-0000000000000def-",
                        "0000000000000abc0000000000000abd-0000000000000d",
                        "00000000000000000000000000000000000000000000000000000000000000000000-")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("texts")
    @FuzzTest
    void theSingleHeaderIsReadOrRefused(byte[] octets) {
        Headers request = new Headers(MessagePart.REQUEST);
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        request.add(B3Context.B3, text);
        try {
            B3Context context = B3Context.of(request, true);
            if (context != null) {
                String lower = text.toLowerCase(Locale.ROOT);
                assertThat(lower).contains(TraceIds.hex(context.traceId()));
                assertThat(lower).contains(TraceIds.hex(context.spanId()));
            }
        } catch (B3Context.Malformed e) {
            assertThat(text).isNotEqualTo("0000000000000abc-0000000000000def-1");
        }
    }

    @Test
    void shortIdentifiersAreRead() throws B3Context.Malformed {
        Headers request = new Headers(MessagePart.REQUEST);
        request.add(B3Context.TRACE_ID, "abc");
        request.add(B3Context.SPAN_ID, "def");
        assertThat(B3Context.of(request, false))
                .isEqualTo(new B3Context(0, 0xabc, 0xdef, 0, false));
        request.set(B3Context.SPAN_ID, "xyz");
        assertThatThrownBy(() -> B3Context.of(request, false))
                .isInstanceOf(B3Context.Malformed.class);
    }
}
