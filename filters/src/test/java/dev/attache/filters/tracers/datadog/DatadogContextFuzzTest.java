package dev.attache.filters.tracers.datadog;

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

/** Whatever peers write into Datadog's headers, there is a context or none. */
@Tag("wire")
class DatadogContextFuzzTest {

    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    static Stream<byte[]> texts() {
        return Stream.of("123", "18446744073709551615", "-1", "dd=s:2;o:rum;t.dm:-4;t.", "_dd.p.=,")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("texts")
    @FuzzTest
    void isReadOrNothing(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        Headers ours = new Headers(MessagePart.REQUEST);
        ours.add(DatadogContext.TRACE_ID, text);
        ours.add(DatadogContext.PARENT_ID, text);
        ours.add(DatadogContext.PRIORITY, text);
        ours.add(DatadogContext.TAGS, text);
        DatadogContext context = DatadogContext.of(ours);
        assertThat(context == null || context.traceId() == context.parentId()).isTrue();
        Headers theirs = new Headers(MessagePart.REQUEST);
        theirs.add(HeaderName.TRACEPARENT, PARENT);
        theirs.add(HeaderName.TRACESTATE, text);
        assertThat(DatadogContext.of(theirs)).isNotNull();
    }

    @Test
    void identifiersHaveNoSign() {
        Headers request = new Headers(MessagePart.REQUEST);
        request.add(DatadogContext.TRACE_ID, "18446744073709551615");
        request.add(DatadogContext.PARENT_ID, "1");
        DatadogContext context = DatadogContext.of(request);
        assertThat(context).isNotNull();
        assertThat(context.traceId()).isEqualTo(-1);
        request.set(DatadogContext.PARENT_ID, "-1");
        assertThat(DatadogContext.of(request)).isNull();
    }
}
