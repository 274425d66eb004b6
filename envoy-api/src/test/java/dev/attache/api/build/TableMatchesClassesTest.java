package dev.attache.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.attache.api.ApiTable;
import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import envoy.annotations.Deprecation;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the classes know, the table says: type by type, field by field. */
class TableMatchesClassesTest {
    /** What 1.39 made repeated. */
    private static final String CHANGED = "envoy.config.endpoint.v3.LbEndpointCollection.entries";

    @Test
    void everyMessageOfTheClassesIsInTheTableAsItsDescriptorHasIt() throws IOException {
        int compared = 0;
        for (FileDescriptor file : ApiClasses.files(TableGenerator.NOT_TAKEN).values()) {
            if (TableGenerator.isConfiguration(file)) {
                for (Descriptor message : file.getMessageTypes()) {
                    compared += compare(message);
                }
                file.getEnumTypes().forEach(TableMatchesClassesTest::compare);
            }
        }
        assertThat(compared).isGreaterThan(2000);
    }

    private static int compare(Descriptor expected) {
        MessageType type = message(expected.getFullName());
        assertThat(type.fullName()).isEqualTo(expected.getFullName());
        assertThat(type.name()).isEqualTo(expected.getName());
        assertThat(type.file()).isEqualTo(expected.getFile().getName());
        assertThat(type.isNewer()).as("%s", type).isFalse();
        assertThat(type.isMapEntry()).as("%s", type).isEqualTo(expected.getOptions().getMapEntry());
        assertThat(type.oneofs().stream().map(OneofType::name).toList())
                .as("%s", type)
                .containsAll(
                        expected.getRealOneofs().stream().map(OneofDescriptor::getName).toList());
        List<FieldDescriptor> fields = expected.getFields();
        for (int i = 0; i < fields.size(); i++) {
            compare(fields.get(i), type.fields().get(i));
        }
        int compared = 1;
        for (Descriptor nested : expected.getNestedTypes()) {
            compared += compare(nested);
        }
        expected.getEnumTypes().forEach(TableMatchesClassesTest::compare);
        return compared;
    }

    private static void compare(FieldDescriptor expected, FieldType field) {
        String name = expected.getFullName();
        assertThat(field.fullName()).isEqualTo(name);
        assertThat(field.owner().field(field.number())).isSameAs(field);
        assertThat(field.owner().field(expected.getName())).isSameAs(field);
        assertThat(field.owner().field(expected.getJsonName())).isSameAs(field);
        assertThat(field.number()).as(name).isEqualTo(expected.getNumber());
        assertThat(field.kind().name()).as(name).isEqualTo(expected.getType().name());
        assertThat(field.isRepeated())
                .as(name)
                .isEqualTo(expected.isRepeated() || name.equals(CHANGED));
        assertThat(field.isMap()).as(name).isEqualTo(expected.isMapField());
        assertThat(field.isPacked()).as(name).isEqualTo(expected.isPacked());
        assertThat(field.hasPresence())
                .as(name)
                .isEqualTo(expected.hasPresence() && !name.equals(CHANGED));
        assertThat(field.isNewer()).as(name).isFalse();
        assertThat(field.isDisallowed())
                .as(name)
                .isEqualTo(expected.getOptions().getExtension(Deprecation.disallowedByDefault));
        OneofDescriptor oneof = expected.getRealContainingOneof();
        OneofType actual = field.oneof();
        assertThat(actual == null ? null : actual.name())
                .as(name)
                .isEqualTo(oneof == null ? null : oneof.getName());
        if (expected.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            assertThat(field.message()).isSameAs(message(expected.getMessageType().getFullName()));
        } else if (expected.getJavaType() == FieldDescriptor.JavaType.ENUM) {
            assertThat(field.enumeration().fullName())
                    .isEqualTo(expected.getEnumType().getFullName());
        }
    }

    private static void compare(EnumDescriptor expected) {
        EnumType type = Objects.requireNonNull(ApiTable.enumeration(expected.getFullName()));
        for (EnumValueDescriptor value : expected.getValues()) {
            EnumValue actual = Objects.requireNonNull(type.value(value.getName()));
            // Java's descriptors put a value below its enum; the language puts it beside.
            String scope = expected.getFullName().replaceFirst("[^.]*$", "");
            assertThat(actual.fullName()).isEqualTo(scope + value.getName());
            assertThat(actual.number()).as(value.getFullName()).isEqualTo(value.getNumber());
            assertThat(actual.isNewer()).as(value.getFullName()).isFalse();
        }
    }

    private static MessageType message(String fullName) {
        return Objects.requireNonNull(ApiTable.message(fullName), fullName);
    }
}
