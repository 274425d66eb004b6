package dev.attache.server.admin.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.attache.api.ApiTable;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.admin.message.json.JsonOut;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import dev.attache.testkit.DefaultInstances;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Compares what is printed here with what protobuf prints. */
final class JsonTrees {
    static final KnownTypes TYPES = new KnownTypes(new TypeRegistry());

    private static final JsonFormat.Printer PRINTER = printer();

    private JsonTrees() {}

    /** Prints in pieces of a few bytes. */
    static String print(MessagePrinter printer) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece = printer.next(7); piece != null; piece = printer.next(7)) {
            all.writeBytes(piece);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Both have the same fields in the same order, and the same values. */
    static void assertSame(Message message, String name) throws InvalidProtocolBufferException {
        String ours = print(MessagePrinter.plain(TYPES, Part.of(MessageBytes.of(message))));
        String theirs = PRINTER.print(message);
        assertThat(shape(parse(ours))).as(name).isEqualTo(shape(parse(theirs)));
    }

    /** All types that have classes. */
    private static JsonFormat.Printer printer() {
        JsonFormat.TypeRegistry.Builder types = JsonFormat.TypeRegistry.newBuilder();
        for (String name : ApiTable.messageNames()) {
            MessageType type = Objects.requireNonNull(ApiTable.message(name));
            prototype(type).ifPresent(message -> types.add(message.getDescriptorForType()));
        }
        return JsonFormat.printer().usingTypeRegistry(types.build()).preservingProtoFieldNames();
    }

    /** Whether there is something inside that the message classes do not have. */
    static boolean isNewer(Message message) {
        boolean[] newer = {false};
        MessageSearch.in(
                MessageBytes.of(message),
                TYPES,
                inner ->
                        newer[0] |=
                                inner.type().isNewer()
                                        || inner.fields().stream().anyMatch(JsonTrees::isNewer));
        return newer[0];
    }

    private static boolean isNewer(WireField value) {
        if (value.field().kind() != FieldType.Kind.ENUM || value.isPacked()) {
            return value.field().isNewer();
        }
        JsonOut number = new JsonOut();
        Scalars.write(number, value);
        String name = new String(number.take(), StandardCharsets.UTF_8).replace("\"", "");
        EnumValue known = value.field().enumeration().value(name);
        return value.field().isNewer() || known != null && known.isNewer();
    }

    static Value parse(String json) throws InvalidProtocolBufferException {
        Value.Builder value = Value.newBuilder();
        JsonFormat.parser().merge(json, value);
        return value.build();
    }

    /** A text in which the order of members counts, which it does not for a Struct. */
    private static String shape(Value value) {
        StringBuilder out = new StringBuilder();
        shape(value, out, 0);
        return out.toString();
    }

    private static void shape(Value value, StringBuilder out, int depth) {
        String line = "\n" + " ".repeat(depth);
        switch (value.getKindCase()) {
            case STRUCT_VALUE ->
                    value.getStructValue()
                            .getFieldsMap()
                            .forEach((key, member) -> {
                                out.append(line).append(key);
                                shape(member, out, depth + 1);
                            });
            case LIST_VALUE -> {
                List<Value> items = value.getListValue().getValuesList();
                for (int i = 0; i < items.size(); i++) {
                    out.append(line).append(i);
                    shape(items.get(i), out, depth + 1);
                }
            }
            case NUMBER_VALUE -> out.append(" number ").append(value.getNumberValue());
            case STRING_VALUE -> out.append(" text ").append(value.getStringValue());
            case BOOL_VALUE -> out.append(' ').append(value.getBoolValue());
            case NULL_VALUE, KIND_NOT_SET -> out.append(" null");
        }
    }

    /** The default instance of the type's class, if it has one. */
    static Optional<Message> prototype(MessageType type) {
        return DefaultInstances.of(type.className(), Message.class);
    }
}
