package dev.attache.filters.wire;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.Map;

/**
 * Our own values as the fields of {@code envoy.config.core.v3.Metadata}, {@code
 * google.protobuf.Struct} and {@code Value}. Stateless.
 */
public final class MetadataWriter {

    private static final int FILTER_METADATA = 1;

    /** Of map entries. */
    private static final int KEY = 1;

    private static final int MAPPED = 2;

    private static final int FIELDS = 1;
    private static final int NULL_VALUE = 1;
    private static final int NUMBER_VALUE = 2;
    private static final int STRING_VALUE = 3;
    private static final int BOOL_VALUE = 4;
    private static final int STRUCT_VALUE = 5;
    private static final int LIST_VALUE = 6;
    private static final int VALUES = 1;

    private static final int TYPE_URL = 1;
    private static final int CONTENT = 2;

    private MetadataWriter() {}

    /** The fields of a {@code Metadata}. */
    public static void metadata(MessageWriter out, Metadata metadata) {
        for (Map.Entry<String, MetadataValue.Struct> each : metadata.filterMetadata().entrySet()) {
            int begun = out.begin(FILTER_METADATA);
            out.text(KEY, each.getKey());
            int value = out.begin(MAPPED);
            struct(out, each.getValue());
            out.end(value);
            out.end(begun);
        }
    }

    /** The fields of a {@code Struct}. */
    public static void struct(MessageWriter out, MetadataValue.Struct struct) {
        for (Map.Entry<String, MetadataValue> each : struct.fields().entrySet()) {
            int begun = out.begin(FIELDS);
            out.text(KEY, each.getKey());
            int value = out.begin(MAPPED);
            value(out, each.getValue());
            out.end(value);
            out.end(begun);
        }
    }

    /** The fields of a {@code Value}. */
    public static void value(MessageWriter out, MetadataValue value) {
        switch (value) {
            case MetadataValue.Text text -> out.textAlways(STRING_VALUE, text.value());
            case MetadataValue.Number number -> out.real(NUMBER_VALUE, number.value());
            case MetadataValue.Bool bool -> out.flagAlways(BOOL_VALUE, bool.value());
            case MetadataValue.Struct struct -> {
                int begun = out.begin(STRUCT_VALUE);
                struct(out, struct);
                out.end(begun);
            }
            case MetadataValue.Sequence sequence -> {
                int list = out.begin(LIST_VALUE);
                for (MetadataValue each : sequence.values()) {
                    int begun = out.begin(VALUES);
                    value(out, each);
                    out.end(begun);
                }
                out.end(list);
            }
            case MetadataValue.Null none -> out.numberAlways(NULL_VALUE, 0);
        }
    }

    /** The fields of an {@code Any} that holds a {@code google.protobuf.StringValue}. */
    public static void anyText(MessageWriter out, String text) {
        out.text(TYPE_URL, "type.googleapis.com/google.protobuf.StringValue");
        int begun = out.begin(CONTENT);
        out.octets(1, text);
        out.end(begun);
    }
}
