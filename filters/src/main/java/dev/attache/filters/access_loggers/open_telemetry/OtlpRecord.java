package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.filters.access_loggers.EntryBuffer;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.proxy.tracing.CustomTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code opentelemetry.proto.logs.v1.LogRecord} of an entry.
 *
 * @param body null: there is none
 * @param filterState {@code filter_state_objects_to_log}
 * @param tags {@code custom_tags}
 */
record OtlpRecord(
        @Nullable OtlpTemplate body,
        OtlpTemplate.Pairs attributes,
        List<String> filterState,
        List<CustomTag> tags)
        implements EntryBuffer.Form {

    private static final int TIME_UNIX_NANO = 1;
    private static final int BODY = 5;
    private static final int ATTRIBUTES = 6;
    private static final int TRACE_ID = 9;
    private static final int SPAN_ID = 10;

    private static final int TRACE_ID_DIGITS = 32;
    private static final int SHORT_TRACE_ID_DIGITS = 16;
    private static final String NO_HIGH_HALF = "0".repeat(SHORT_TRACE_ID_DIGITS);

    /** The fields of the record. */
    @Override
    public void write(MessageWriter out, FormatContext entry) {
        StreamInfo info = entry.info();
        out.fixed(TIME_UNIX_NANO, info.startTimeMillis() * 1_000_000);
        if (body != null) {
            int begun = out.begin(BODY);
            body.write(out, entry);
            out.end(begun);
        }
        attributes.write(out, ATTRIBUTES, entry);
        for (int i = 0; i < filterState.size(); i++) {
            state(out, info, filterState.get(i));
        }
        for (int i = 0; i < tags.size(); i++) {
            tag(out, entry, tags.get(i));
        }
        if (info.traceId != null) {
            traceId(out, info.traceId);
        }
        if (info.spanId != null) {
            out.hex(SPAN_ID, info.spanId);
        }
    }

    /** An object as the JSON of the message that Envoy makes of it. */
    private static void state(MessageWriter out, StreamInfo info, String key) {
        FilterState.Value value = info.filterState().get(key);
        UpstreamInfo upstream = info.upstream();
        if (value == null && upstream != null && upstream.filterState != null) {
            value = upstream.filterState.get(key);
        }
        if (value != null && value.isText()) {
            StringBuilder json = new StringBuilder();
            JsonText.quoteOctets(json, value.serializeAsString());
            int begun = out.begin(ATTRIBUTES);
            out.text(OtlpTemplate.KEY, key);
            int any = out.begin(OtlpTemplate.VALUE);
            out.octetsAlways(OtlpTemplate.STRING_VALUE, json.toString());
            out.end(any);
            out.end(begun);
        }
    }

    private static void tag(MessageWriter out, FormatContext entry, CustomTag tag) {
        String value = tag.told(entry);
        if (value != null) {
            int begun = out.begin(ATTRIBUTES);
            out.octets(OtlpTemplate.KEY, tag.name());
            int any = out.begin(OtlpTemplate.VALUE);
            out.octetsAlways(OtlpTemplate.STRING_VALUE, value);
            out.end(any);
            out.end(begun);
        }
    }

    /** Sixteen bytes; what Zipkin has of them is the lower half. */
    private static void traceId(MessageWriter out, String hex) {
        switch (hex.length()) {
            case TRACE_ID_DIGITS -> out.hex(TRACE_ID, hex);
            case SHORT_TRACE_ID_DIGITS -> out.hex(TRACE_ID, NO_HIGH_HALF + hex);
            default -> {
                // Whoever made it counts otherwise; a collector would refuse the batch.
            }
        }
    }
}
