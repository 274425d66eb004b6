package dev.attache.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The spans that an upstream received as a collector of traces. They are shown without times, with
 * names in place of identifiers and in an order of their own, so that those of two proxies can be
 * compared field by field. Guarded by itself.
 */
final class SpanReports {

    private static final int GRPC_HEAD = 5;

    private static final Set<String> TIMES =
            Set.of(
                    "timestamp",
                    "duration",
                    "startTimeUnixNano",
                    "endTimeUnixNano",
                    "timeUnixNano",
                    "startTime",
                    "endTime",
                    "time",
                    "start");

    private static final Set<String> IDENTIFIERS =
            Set.of(
                    "traceId",
                    "id",
                    "parentId",
                    "spanId",
                    "parentSpanId",
                    "traceSegmentId",
                    "parentTraceSegmentId",
                    "trace_id",
                    "span_id",
                    "parent_id");

    private final String form;
    private final List<Map<String, Object>> spans = new ArrayList<>();

    /**
     * @param form {@code zipkin}, {@code zipkin-proto}, {@code otlp}, {@code otlp-grpc}, {@code
     *     skywalking} or {@code datadog}
     */
    SpanReports(String form) {
        this.form = form;
    }

    /** Takes the body of one report. */
    synchronized void add(byte[] body) {
        switch (form) {
            case "zipkin" ->
                    Tree.list(Tree.parse(new String(body, StandardCharsets.UTF_8)))
                            .forEach(span -> spans.add(Tree.map(span)));
            case "zipkin-proto" ->
                    Tree.list(NumberedFields.zipkin(body).get("spans"))
                            .forEach(span -> spans.add(Tree.map(span)));
            case "otlp" -> otlp(body);
            case "otlp-grpc" -> frames(body, this::otlp);
            case "skywalking" -> frames(body, this::segment);
            case "datadog" -> AgentPayload.spans(body).forEach(spans::add);
            default -> throw new IllegalArgumentException("no form of spans is called " + form);
        }
    }

    /** Whether reports come on a stream that does not end, one frame for each. */
    boolean streams() {
        return form.equals("skywalking");
    }

    private void segment(byte[] body) {
        Map<String, Object> segment = NumberedFields.segment(body);
        for (Object span : Tree.list(segment.get("spans"))) {
            Map<String, Object> whole = new TreeMap<>(segment);
            whole.remove("spans");
            whole.putAll(Tree.map(span));
            spans.add(whole);
        }
    }

    /** How many bytes are frames that are there as wholes. */
    static int wholeFrames(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int whole = 0;
        while (bytes.length - whole >= GRPC_HEAD) {
            int next = whole + GRPC_HEAD + in.getInt(whole + 1);
            if (next > bytes.length) {
                break;
            }
            whole = next;
        }
        return whole;
    }

    private static void frames(byte[] body, java.util.function.Consumer<byte[]> each) {
        ByteBuffer in = ByteBuffer.wrap(body);
        while (in.remaining() >= GRPC_HEAD) {
            in.get();
            byte[] message = new byte[in.getInt()];
            in.get(message);
            each.accept(message);
        }
    }

    private void otlp(byte[] body) {
        try {
            String json = JsonFormat.printer().print(ExportTraceServiceRequest.parseFrom(body));
            for (Object resource : Tree.list(Tree.map(Tree.parse(json)).get("resourceSpans"))) {
                for (Object scope : Tree.list(Tree.map(resource).get("scopeSpans"))) {
                    for (Object span : Tree.list(Tree.map(scope).get("spans"))) {
                        Map<String, Object> whole = new TreeMap<>(Tree.map(span));
                        whole.put("resource", Tree.map(resource).get("resource"));
                        whole.put("scope", Tree.map(scope).get("scope"));
                        spans.add(whole);
                    }
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One text for each span. */
    synchronized List<String> shown(Normaliser normaliser) {
        Function<Map<String, Object>, String> anonymous =
                span -> normaliser.text(Tree.json(clean(span, null), true));
        Map<Object, String> traces = new HashMap<>();
        spans.stream()
                .map(span -> Map.entry(trace(span), anonymous.apply(span)))
                .sorted(Map.Entry.comparingByValue())
                .forEach(each -> traces.merge(each.getKey(), each.getValue(), String::concat));
        List<Map<String, Object>> ordered = new ArrayList<>(spans);
        // Spans that look alike are told apart by the others of their traces.
        ordered.sort(
                java.util.Comparator.comparing(anonymous)
                        .thenComparing(span -> traces.get(trace(span))));
        Map<String, String> names = new HashMap<>();
        return ordered.stream()
                .map(span -> normaliser.text(Tree.json(clean(span, names), true)))
                .collect(Collectors.toList());
    }

    private static Object trace(Map<String, Object> span) {
        Object id = span.containsKey("traceId") ? span.get("traceId") : span.get("trace_id");
        return id == null ? "" : id;
    }

    /**
     * @param names of identifiers so far; null = all look the same
     */
    private static Object clean(Object value, @Nullable Map<String, String> names) {
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, Object> clean = new TreeMap<>();
            new TreeMap<>(map)
                    .forEach((key, of) -> {
                        String name = (String) key;
                        if (IDENTIFIERS.contains(name)) {
                            clean.put(name, named(name, String.valueOf(of), names));
                        } else if (!TIMES.contains(name) && of != null) {
                            clean.put(name, clean(of, names));
                        }
                    });
            return clean;
        }
        if (value instanceof List<?> list) {
            Object[] items = list.stream().map(item -> clean(item, names)).toArray();
            Arrays.sort(items, java.util.Comparator.comparing(String::valueOf));
            return Arrays.asList(items);
        }
        return value;
    }

    private static String named(
            String key, String identifier, @Nullable Map<String, String> names) {
        String kind = key.toLowerCase(java.util.Locale.ROOT).startsWith("trace") ? "trace" : "span";
        return names == null
                ? "<" + kind + ">"
                : names.computeIfAbsent(identifier, any -> kind + " " + (names.size() + 1));
    }
}
