package dev.attache.proxy.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code traceparent}: what is read comes back as it was, everything else is nothing. */
@Tag("wire")
class TraceParentFuzzTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    static Stream<byte[]> texts() {
        return Stream.of(
                        "00-" + TRACE + "-" + SPAN + "-01",
                        "00-" + TRACE + "-" + SPAN + "-00",
                        "ff-" + TRACE + "-" + SPAN + "-ff",
                        "00-" + TRACE + "-" + SPAN,
                        "00-" + TRACE + "_" + SPAN + "-01",
                        "00-" + "0".repeat(32) + "-" + SPAN + "-01",
                        "")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("texts")
    @FuzzTest
    void whatIsReadIsWhatWasWritten(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        TraceParent read = read(text);
        if (read != null) {
            String written = TraceParent.text(read.traceId(), read.spanId(), read.sampled());
            assertThat(written.substring(3, 52)).isEqualTo(text.substring(3, 52));
            assertThat(read(written)).isEqualTo(read);
        }
    }

    @Test
    void idsThatAreNoneAreNotRead() {
        assertThat(read("00-" + "0".repeat(32) + "-" + SPAN + "-01")).isNull();
        assertThat(read("00-" + TRACE + "-" + "0".repeat(16) + "-01")).isNull();
        assertThat(read("00-" + TRACE + "-" + SPAN + "-01")).isNotNull();
    }

    private static @org.jspecify.annotations.Nullable TraceParent read(String text) {
        Headers request = new Headers(MessagePart.REQUEST);
        request.add(HeaderName.TRACEPARENT, text);
        return TraceParent.of(request);
    }
}
