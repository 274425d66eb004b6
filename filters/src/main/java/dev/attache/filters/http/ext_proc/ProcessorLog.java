package dev.attache.filters.http.ext_proc;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What processing took, in the filter state of the stream under the filter's name (Envoy's {@code
 * ExtProcLoggingInfo}). Loop-confined.
 */
final class ProcessorLog implements FilterState.Value {

    /** Envoy's {@code ProcessingEffect}, in its order, whose numbers are shown. */
    enum Effect {
        NONE,
        APPLIED,
        INVALID,
        TOO_LARGE,
        FAILED
    }

    /** Answers about one part of one direction. */
    private static final class Calls {
        private int count;
        private long totalMicros;
        private long maxMicros;
        private int status;
        private Effect effect = Effect.NONE;
    }

    /** Head, body and trailers of one direction. */
    private static final class Parts {
        private final Calls headers = new Calls();
        private final Calls body = new Calls();
        private final Calls trailers = new Calls();

        private Calls of(Side.Awaiting what) {
            return switch (what) {
                case HEADERS -> headers;
                case TRAILERS -> trailers;
                case NOTHING, BUFFERED_BODY, STREAMED_BODY, PARTIAL_BODY -> body;
            };
        }
    }

    private final Parts request = new Parts();
    private final Parts response = new Parts();
    private long bytesSent;
    private long bytesReceived;
    private int statusBeforeFirst;
    private boolean failedOpen;
    private boolean immediate;

    private Parts of(Direction direction) {
        return direction == Direction.REQUEST ? request : response;
    }

    /** One answer, or what came instead of it. Of heads and trailers the first one counts. */
    void call(Direction direction, Side.Awaiting what, long micros, int status) {
        Calls calls = of(direction).of(what);
        boolean body = what != Side.Awaiting.HEADERS && what != Side.Awaiting.TRAILERS;
        if (calls.count == 0 || body) {
            calls.count++;
            calls.totalMicros += micros;
            calls.maxMicros = Math.max(calls.maxMicros, micros);
            calls.status = status;
        }
    }

    /** What an answer has done; what has done nothing hides nothing. */
    void effect(Direction direction, Side.Awaiting what, Effect effect) {
        if (effect != Effect.NONE) {
            of(direction).of(what).effect = effect;
        }
    }

    void bytes(UpstreamInfo upstream) {
        bytesSent = upstream.wireBytesSent;
        bytesReceived = upstream.wireBytesReceived;
    }

    void statusBeforeFirst(int status) {
        statusBeforeFirst = status;
    }

    void failedOpen() {
        failedOpen = true;
    }

    void immediate() {
        immediate = true;
    }

    @Override
    public String serializeAsString() {
        List<String> parts = new ArrayList<>();
        add(parts, "rh", request.headers);
        addBody(parts, "rb", request.body);
        add(parts, "rt", request.trailers);
        add(parts, "sh", response.headers);
        addBody(parts, "sb", response.body);
        add(parts, "st", response.trailers);
        parts.add("bs:" + bytesSent);
        parts.add("br:" + bytesReceived);
        parts.add("os:" + statusBeforeFirst);
        return String.join(",", parts);
    }

    private static void add(List<String> parts, String name, Calls calls) {
        if (calls.count > 0) {
            parts.add(name + ":" + calls.totalMicros + ":" + calls.status);
        }
    }

    private static void addBody(List<String> parts, String name, Calls calls) {
        if (calls.count > 0) {
            parts.add(name + ":" + calls.count + ":" + calls.totalMicros + ":" + calls.status);
        }
    }

    @Override
    public MetadataValue typed() {
        Map<String, MetadataValue> fields = new HashMap<>();
        for (String name : NAMES) {
            Long value = numberField(name);
            if (value != null) {
                fields.put(name, new MetadataValue.Number(value));
            }
        }
        fields.put("failed_open", new MetadataValue.Bool(failedOpen));
        fields.put("received_immediate_response", new MetadataValue.Bool(immediate));
        return new MetadataValue.Struct(fields);
    }

    @Override
    public boolean hasFields() {
        return true;
    }

    @Override
    public @Nullable String field(String name) {
        Long value = numberField(name);
        return value == null ? null : value.toString();
    }

    private static final List<String> NAMES = names();

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String way : List.of("request", "response")) {
            for (String part : List.of("_header_", "_trailer_")) {
                for (String fact : List.of("latency_us", "call_status", "processing_effect")) {
                    names.add(way + part + fact);
                }
            }
            for (String fact :
                    List.of(
                            "call_count",
                            "total_latency_us",
                            "max_latency_us",
                            "last_call_status",
                            "processing_effect")) {
                names.add(way + "_body_" + fact);
            }
        }
        names.add("bytes_sent");
        names.add("bytes_received");
        names.add("grpc_status_before_first_call");
        return List.copyOf(names);
    }

    @Override
    public @Nullable Long numberField(String name) {
        return switch (name) {
            case "bytes_sent" -> bytesSent;
            case "bytes_received" -> bytesReceived;
            case "grpc_status_before_first_call" -> (long) statusBeforeFirst;
            case "failed_open" -> failedOpen ? 1L : 0L;
            case "received_immediate_response" -> immediate ? 1L : 0L;
            default -> fieldOfPart(name);
        };
    }

    private @Nullable Long fieldOfPart(String name) {
        int way = name.indexOf('_');
        int part = way < 0 ? -1 : name.indexOf('_', way + 1);
        if (part < 0) {
            return null;
        }
        Parts parts =
                switch (name.substring(0, way)) {
                    case "request" -> request;
                    case "response" -> response;
                    default -> null;
                };
        if (parts == null) {
            return null;
        }
        String fact = name.substring(part + 1);
        return switch (name.substring(way + 1, part)) {
            case "header" -> fact(parts.headers, fact);
            case "body" -> bodyFact(parts.body, fact);
            case "trailer" -> fact(parts.trailers, fact);
            default -> null;
        };
    }

    private static @Nullable Long fact(Calls calls, String fact) {
        if (fact.equals("processing_effect")) {
            return (long) calls.effect.ordinal();
        }
        if (calls.count == 0) {
            return null;
        }
        return switch (fact) {
            case "latency_us" -> calls.totalMicros;
            case "call_status" -> (long) calls.status;
            default -> null;
        };
    }

    private static @Nullable Long bodyFact(Calls calls, String fact) {
        if (fact.equals("processing_effect")) {
            return (long) calls.effect.ordinal();
        }
        if (calls.count == 0) {
            return null;
        }
        return switch (fact) {
            case "call_count" -> (long) calls.count;
            case "total_latency_us" -> calls.totalMicros;
            case "max_latency_us" -> calls.maxMicros;
            case "last_call_status" -> (long) calls.status;
            default -> null;
        };
    }
}
