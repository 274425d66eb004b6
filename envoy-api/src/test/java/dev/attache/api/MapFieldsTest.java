package dev.attache.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Map fields, and fields that a class does not have, do without descriptors; maps have theirs when
 * somebody asks for them.
 */
class MapFieldsTest {
    private static final String CLUSTER = "io.envoyproxy.envoy.config.cluster.v3.Cluster";
    private static final Any OPTIONS =
            Any.newBuilder()
                    .setTypeUrl("type.googleapis.com/a.B")
                    .setValue(ByteString.copyFromUtf8("x"))
                    .build();
    private static final Struct STRUCT =
            Struct.newBuilder()
                    .putFields("d", Value.newBuilder().setStringValue("e").build())
                    .build();
    private static final Cluster EXAMPLE =
            Cluster.newBuilder()
                    .setName("a")
                    .putTypedExtensionProtocolOptions("options", OPTIONS)
                    .setMetadata(
                            Metadata.newBuilder()
                                    .putTypedFilterMetadata("b", OPTIONS)
                                    .putFilterMetadata("c", STRUCT))
                    .build();

    @Test
    void readingAndWritingThemBuildsNoDescriptor() throws Exception {
        UnknownFieldSet newer =
                UnknownFieldSet.newBuilder()
                        .addField(
                                1000,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("newer"))
                                        .build())
                        .build();
        byte[] bytes = EXAMPLE.toBuilder().setUnknownFields(newer).build().toByteArray();
        try (Observed loader = new Observed()) {
            Class<?> type = Class.forName(CLUSTER, true, loader);
            Object cluster = type.getMethod("parseFrom", byte[].class).invoke(null, (Object) bytes);
            Object options = type.getMethod("getTypedExtensionProtocolOptionsMap").invoke(cluster);
            assertThat((Map<?, ?>) options).hasSize(1);
            assertThat(type.getMethod("toByteArray").invoke(cluster)).isEqualTo(bytes);
            assertThat(loader.has(CLUSTER)).isTrue();
            assertThat(loader.has("io.envoyproxy.envoy.config.cluster.v3.ClusterProto")).isFalse();
            assertThat(loader.has("io.envoyproxy.envoy.config.core.v3.BaseProto")).isFalse();
            assertThat(loader.has("com.google.protobuf.Struct")).isTrue();
            assertThat(loader.has("com.google.protobuf.StructProto")).isFalse();
        }
    }

    @Test
    void whoLooksByReflectionFindsTheirEntriesDescribed() throws Exception {
        Message entry =
                (Message)
                        ((List<?>)
                                        EXAMPLE.getField(
                                                Cluster.getDescriptor()
                                                        .findFieldByName(
                                                                "typed_extension_protocol_options")))
                                .getFirst();
        assertThat(entry.getDescriptorForType())
                .isEqualTo(
                        Cluster.getDescriptor()
                                .findNestedTypeByName("TypedExtensionProtocolOptionsEntry"));
        assertThat(entry.getField(entry.getDescriptorForType().findFieldByName("key")))
                .isEqualTo("options");
        Cluster.Builder read = Cluster.newBuilder();
        TextFormat.merge(TextFormat.printer().printToString(EXAMPLE), read);
        assertThat(read.build()).isEqualTo(EXAMPLE);
    }

    /** Loads the same classes once more, and tells which. */
    private static final class Observed extends URLClassLoader {
        Observed() {
            super(
                    Stream.of(Cluster.class, MapEntryDescription.class, Message.class)
                            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                            .distinct()
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
        }

        boolean has(String name) {
            return findLoadedClass(name) != null;
        }
    }
}
