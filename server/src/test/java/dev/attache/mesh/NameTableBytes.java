package dev.attache.mesh;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;

/** Istio's table of names, written by the numbers of its fields. */
final class NameTableBytes {

    private final Field.Builder entries = Field.newBuilder();

    void host(String name, List<String> ips, String registry, String shortname, String namespace) {
        Field.Builder addresses = Field.newBuilder();
        ips.forEach(ip -> addresses.addLengthDelimited(ByteString.copyFromUtf8(ip)));
        UnknownFieldSet host =
                UnknownFieldSet.newBuilder()
                        .addField(1, addresses.build())
                        .addField(2, text(registry))
                        .addField(3, text(shortname))
                        .addField(4, text(namespace))
                        .build();
        entries.addLengthDelimited(
                UnknownFieldSet.newBuilder()
                        .addField(1, text(name))
                        .addField(
                                2,
                                Field.newBuilder().addLengthDelimited(host.toByteString()).build())
                        .build()
                        .toByteString());
    }

    private static Field text(String value) {
        return Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(value)).build();
    }

    ByteString bytes() {
        return UnknownFieldSet.newBuilder().addField(1, entries.build()).build().toByteString();
    }
}
