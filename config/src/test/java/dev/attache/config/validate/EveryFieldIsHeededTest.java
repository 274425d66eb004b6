package dev.attache.config.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.ApiTable;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.api.FieldType.Kind;
import dev.attache.api.MessageType;
import dev.attache.api.Support;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.support.SupportTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Over the whole table: what is set on the wire is honoured, or something is said of it by name; a
 * field that the table does not have, by number.
 */
class EveryFieldIsHeededTest {
    private static final int NOBODYS = 400_000;
    private static final int NO_VALUE = 400_000;

    private final MessageChecker checker =
            new MessageChecker(new SupportTable(), new TypeRegistry());

    @Test
    void everyFieldIsHonouredOrNamed() {
        List<String> silent = new ArrayList<>();
        int newer = 0;
        for (MessageType type : types()) {
            for (FieldType field : type.fields()) {
                newer += field.isNewer() ? 1 : 0;
                if (!isHonoured(field) && !isNamed(field, set(field))) {
                    silent.add(field.fullName());
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(newer).isGreaterThan(100);
    }

    @Test
    void everyValueThatIsNewerThanItsEnumIsHonouredOrNamed() {
        List<String> silent = new ArrayList<>();
        int newer = 0;
        for (MessageType type : types()) {
            for (FieldType field : type.fields()) {
                if (field.kind() != Kind.ENUM || field.owner().isMapEntry()) {
                    continue;
                }
                for (EnumValue value : field.enumeration().values()) {
                    newer += value.isNewer() ? 1 : 0;
                    if (value.isNewer()
                            && !isHonoured(field, value)
                            && !isNamed(field, number(field, value.number()))) {
                        silent.add(field.fullName() + " " + value.name());
                    }
                }
                if (!isNamed(field, number(field, NO_VALUE))) {
                    silent.add(field.fullName() + " " + NO_VALUE);
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(newer).isGreaterThan(5);
    }

    @Test
    void everyFieldThatIsNewerThanTheTableIsToldByNumber() {
        for (MessageType type : types()) {
            if (type.fullName().equals("google.protobuf.Any")) {
                continue; // holds what it holds
            }
            ByteString bytes = bytes(NOBODYS, WireFormat.WIRETYPE_VARINT, new byte[] {1});
            assertThat(said(type, bytes))
                    .as(type.fullName())
                    .anyMatch(diagnostic ->
                            diagnostic.message().contains("unknown field set {" + NOBODYS + "}"));
        }
    }

    private static List<MessageType> types() {
        List<MessageType> types = new ArrayList<>();
        for (String name : ApiTable.messageNames()) {
            MessageType type = Objects.requireNonNull(ApiTable.message(name));
            if (!type.isMapEntry()) {
                types.add(type);
            }
        }
        return types;
    }

    /** As the text says; a message of which it says nothing is read as a whole by its class. */
    private static boolean isHonoured(FieldType field) {
        Support support = field.support();
        if (support != null) {
            return support.status() == Support.Status.HONOURED;
        }
        return !field.isNewer()
                && field.owner().fields().stream().allMatch(f -> f.support() == null);
    }

    /** Values of an enum that is new itself are read by whoever reads the field. */
    private static boolean isHonoured(FieldType field, EnumValue value) {
        Support support = field.support();
        boolean unset = value.number() == 0 && !field.hasPresence() && !field.isRepeated();
        return unset
                || support != null && support.values().contains(value.name())
                || isHonoured(field) && value.type().values().stream().allMatch(EnumValue::isNewer);
    }

    private boolean isNamed(FieldType field, ByteString bytes) {
        return said(field.owner(), bytes).stream()
                .anyMatch(diagnostic -> diagnostic.message().contains("'" + field.name() + "'"));
    }

    private List<Diagnostic> said(MessageType type, ByteString bytes) {
        Diagnostics diagnostics = new Diagnostics("test");
        checker.check(type, bytes, "", false)
                .report(
                        new UnheededFields(UnknownFieldPolicy.IGNORE),
                        DeprecatedFeatures.STRICT,
                        diagnostics);
        List<Diagnostic> all = new ArrayList<>(diagnostics.errors());
        all.addAll(diagnostics.warnings());
        return all;
    }

    private static ByteString set(FieldType field) {
        byte[] value =
                switch (field.kind().wireType()) {
                    case WireFormat.WIRETYPE_FIXED64 -> new byte[] {1, 1, 1, 1, 1, 1, 1, 1};
                    case WireFormat.WIRETYPE_FIXED32 -> new byte[] {1, 1, 1, 1};
                    case WireFormat.WIRETYPE_VARINT -> new byte[] {1};
                    default ->
                            // of a wrapper: true, or one
                            field.kind() == Kind.MESSAGE
                                    ? new byte[] {2, 1 << 3, 1}
                                    : new byte[] {1, 'a'};
                };
        return bytes(field.number(), field.kind().wireType(), value);
    }

    private static ByteString number(FieldType field, int number) {
        ByteString.Output out = ByteString.newOutput();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        try {
            coded.writeInt32(field.number(), number);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteString();
    }

    private static ByteString bytes(int number, int wireType, byte[] value) {
        ByteString.Output out = ByteString.newOutput();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        try {
            coded.writeTag(number, wireType);
            coded.writeRawBytes(value);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteString();
    }
}
