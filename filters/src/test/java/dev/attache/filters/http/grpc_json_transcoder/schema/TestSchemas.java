package dev.attache.filters.http.grpc_json_transcoder.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.TextFormat;

/** Schemas of tests, from a descriptor set in text. */
public final class TestSchemas {
    private TestSchemas() {}

    /** Of one file without imports: its content in text. */
    public static Schema of(String file) {
        try {
            FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
            TextFormat.merge("file { " + file + " }", set);
            return DescriptorSetWire.read(set.build().toByteArray(), true);
        } catch (TextFormat.ParseException | SchemaException e) {
            throw new AssertionError(e);
        }
    }

    /** A message with some fields: {@code t.M}. */
    public static Schema small() {
        return of(
                """
                name: "t.proto" package: "t" syntax: "proto3"
                enum_type { name: "E" value { name: "A" number: 0 } value { name: "B" number: 1 } }
                message_type { name: "M"
                  field { name: "s" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
                  field { name: "n" number: 2 label: LABEL_OPTIONAL type: TYPE_INT32 }
                  field { name: "m" number: 3 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".t.M" }
                  field { name: "l" number: 4 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.M" }
                  field { name: "e" number: 5 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".t.E" }
                  field { name: "d" number: 6 label: LABEL_REPEATED type: TYPE_DOUBLE }
                  field { name: "b" number: 7 label: LABEL_OPTIONAL type: TYPE_BYTES }
                  field { name: "k" number: 8 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".t.M.KEntry" }
                  nested_type { name: "KEntry" options { map_entry: true }
                    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_BOOL }
                    field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_UINT64 } }
                }
                """);
    }
}
