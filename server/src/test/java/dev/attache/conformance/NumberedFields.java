package dev.attache.conformance;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reports of spans of whose protocols there are no classes here: fields by number. */
final class NumberedFields {

    private static final Map<Integer, String> SEGMENT =
            Map.of(1, "traceId", 2, "traceSegmentId", 3, "spans+span", 4, "service", 5, "instance");

    private static final Map<Integer, String> ZIPKIN = Map.of(1, "spans+zipkin");

    private static final Map<String, Map<Integer, String>> PARTS =
            Map.of(
                    "zipkin",
                    Map.ofEntries(
                            Map.entry(1, "traceId"),
                            Map.entry(2, "parentId"),
                            Map.entry(3, "id"),
                            Map.entry(4, "kind"),
                            Map.entry(5, "name"),
                            Map.entry(6, "timestamp"),
                            Map.entry(7, "duration"),
                            Map.entry(8, "localEndpoint+endpoint"),
                            Map.entry(10, "annotations+annotation"),
                            Map.entry(11, "tags+pair"),
                            Map.entry(12, "debug"),
                            Map.entry(13, "shared")),
                    "endpoint",
                    Map.of(1, "serviceName", 2, "ipv4", 4, "port"),
                    "annotation",
                    Map.of(1, "timestamp", 2, "value"),
                    "span",
                    Map.ofEntries(
                            Map.entry(1, "number"),
                            Map.entry(2, "parentNumber"),
                            Map.entry(3, "startTime"),
                            Map.entry(4, "endTime"),
                            Map.entry(5, "refs+ref"),
                            Map.entry(6, "operationName"),
                            Map.entry(7, "peer"),
                            Map.entry(8, "type"),
                            Map.entry(9, "layer"),
                            Map.entry(10, "component"),
                            Map.entry(11, "isError"),
                            Map.entry(12, "tags+pair"),
                            Map.entry(13, "logs+log"),
                            Map.entry(14, "skipAnalysis")),
                    "ref",
                    Map.of(
                            1, "refType",
                            2, "traceId",
                            3, "parentTraceSegmentId",
                            4, "parentNumber",
                            5, "parentService",
                            6, "parentInstance",
                            7, "parentEndpoint",
                            8, "address"),
                    "pair",
                    Map.of(1, "key", 2, "value"),
                    "log",
                    Map.of(1, "time", 2, "data+pair"));

    private NumberedFields() {}

    /** {@code skywalking.v3.SegmentObject}. */
    static Map<String, Object> segment(byte[] body) {
        return read(body, SEGMENT);
    }

    /** {@code zipkin.proto3.ListOfSpans}. */
    static Map<String, Object> zipkin(byte[] body) {
        return read(body, ZIPKIN);
    }

    private static Map<String, Object> read(byte[] body, Map<Integer, String> fields) {
        try {
            return read(CodedInputStream.newInstance(body), fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> read(CodedInputStream in, Map<Integer, String> fields)
            throws IOException {
        Map<String, Object> message = new TreeMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            String name =
                    fields.getOrDefault(
                            WireFormat.getTagFieldNumber(tag),
                            "field " + WireFormat.getTagFieldNumber(tag));
            String[] parts = name.split("\\+");
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                long value = in.readInt64();
                if (value != 0) {
                    message.put(name, value);
                }
            } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED64) {
                message.put(name, in.readFixed64());
            } else if (parts.length == 1) {
                // Identifiers are bytes: what they look like does not matter.
                String text = new String(in.readByteArray(), StandardCharsets.ISO_8859_1);
                if (!text.isEmpty()) {
                    message.put(name, text);
                }
            } else {
                Object part =
                        read(
                                CodedInputStream.newInstance(in.readByteArray()),
                                PARTS.getOrDefault(parts[1], Map.of()));
                List<Object> list = new ArrayList<>(Tree.list(message.get(parts[0])));
                list.add(part);
                message.put(parts[0], list);
            }
        }
        return message;
    }
}
