package dev.attache.conformance;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** SkyWalking's segments, of whose protocol there are no classes here: fields by number. */
final class SegmentPayload {

    private static final Map<Integer, String> SEGMENT =
            Map.of(1, "traceId", 2, "traceSegmentId", 3, "spans+span", 4, "service", 5, "instance");

    private static final Map<String, Map<Integer, String>> PARTS =
            Map.of(
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

    private SegmentPayload() {}

    static Map<String, Object> segment(byte[] body) {
        try {
            return read(CodedInputStream.newInstance(body), SEGMENT);
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
            } else if (parts.length == 1) {
                String text = in.readString();
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
