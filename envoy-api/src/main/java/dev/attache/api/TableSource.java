package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The table as the build wrote it ({@link TableFormat}): one array of bytes, in which a type is
 * found by a hash of its name and read when it is first asked for.
 */
final class TableSource implements TypeSource {
    private final byte[] bytes;
    private final int strings;
    private final Index messages;
    private final Index enums;
    private final AtomicReferenceArray<@Nullable MessageType> readMessages;
    private final AtomicReferenceArray<@Nullable EnumType> readEnums;

    /** Where the types of one sort are: slots by hash, offsets by id. */
    private record Index(int count, int slotCount, int slots, int offsets) {}

    TableSource(byte[] bytes) {
        this.bytes = bytes;
        if (integer(0) != TableFormat.MAGIC) {
            throw new IllegalStateException("no table of the API");
        }
        int messageSlots = TableFormat.HEADER;
        int enumSlots = messageSlots + 2 * integer(12);
        int messageOffsets = enumSlots + 2 * integer(16);
        int enumOffsets = messageOffsets + 4 * integer(4);
        this.messages = new Index(integer(4), integer(12), messageSlots, messageOffsets);
        this.enums = new Index(integer(8), integer(16), enumSlots, enumOffsets);
        this.strings = integer(20);
        this.readMessages = new AtomicReferenceArray<>(messages.count());
        this.readEnums = new AtomicReferenceArray<>(enums.count());
    }

    static TableSource load() {
        try (InputStream in = TableSource.class.getResourceAsStream(TableFormat.RESOURCE)) {
            return new TableSource(Objects.requireNonNull(in, TableFormat.RESOURCE).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of a message by its full name, or -1. */
    int messageId(String fullName) {
        return find(messages, fullName);
    }

    /** The id of an enum by its full name, or -1. */
    int enumId(String fullName) {
        return find(enums, fullName);
    }

    List<String> messageNames() {
        List<String> names = new ArrayList<>(messages.count());
        for (int id = 0; id < messages.count(); id++) {
            Cursor cursor = new Cursor(integer(messages.offsets() + 4 * id));
            String name = cursor.fullName();
            if ((cursor.next() & MessageType.MAP_ENTRY) == 0) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return Collections.unmodifiableList(names);
    }

    List<String> enumNames() {
        List<String> names = new ArrayList<>(enums.count());
        for (int id = 0; id < enums.count(); id++) {
            names.add(new Cursor(integer(enums.offsets() + 4 * id)).fullName());
        }
        Collections.sort(names);
        return Collections.unmodifiableList(names);
    }

    @Override
    public MessageType message(int id) {
        MessageType type = readMessages.get(id);
        if (type == null) {
            MessageType read = readMessage(new Cursor(integer(messages.offsets() + 4 * id)));
            type = readMessages.compareAndExchange(id, null, read);
            type = type == null ? read : type;
        }
        return type;
    }

    @Override
    public EnumType enumeration(int id) {
        EnumType type = readEnums.get(id);
        if (type == null) {
            EnumType read = readEnum(new Cursor(integer(enums.offsets() + 4 * id)));
            type = readEnums.compareAndExchange(id, null, read);
            type = type == null ? read : type;
        }
        return type;
    }

    private int find(Index index, String fullName) {
        int hash = fullName.hashCode();
        int mask = index.slotCount() - 1;
        for (int slot = TableFormat.slot(hash) & mask; ; slot = (slot + 1) & mask) {
            int at = index.slots() + 2 * slot;
            int id = ((bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff)) - 1;
            if (id < 0) {
                return -1;
            }
            int record = integer(index.offsets() + 4 * id);
            if (integer(record) == hash && new Cursor(record).fullName().equals(fullName)) {
                return id;
            }
        }
    }

    private MessageType readMessage(Cursor in) {
        String fullName = in.fullName();
        int flags = in.next();
        String file = in.string();
        String className = in.optionalString();
        if (className == null && (flags & MessageType.NEWER) == 0) {
            className = JavaNames.className(fullName);
        }
        int oneofCount = in.next();
        List<OneofType> oneofs = oneofCount == 0 ? List.of() : new ArrayList<>(oneofCount);
        for (int i = 0; i < oneofCount; i++) {
            oneofs.add(new OneofType(in.string(), in.next() != 0));
        }
        int fieldCount = in.next();
        MessageType type = new MessageType(fullName, file, className, flags, oneofs, fieldCount);
        for (int i = 0; i < fieldCount; i++) {
            type.add(this, shape(in));
        }
        return type.complete();
    }

    private FieldType.Shape shape(Cursor in) {
        int number = in.next();
        String name = in.string();
        int flags = in.next();
        String jsonName = (flags & TableFormat.JSON_NAME) == 0 ? null : in.string();
        int oneof = (flags & TableFormat.ONEOF) == 0 ? FieldType.Shape.NO_ONEOF : in.next();
        int type = (flags & TableFormat.TYPE) == 0 ? FieldType.Shape.NO_TYPE : in.next();
        ByteString rules = (flags & TableFormat.RULES) == 0 ? null : in.bytes();
        Support support = (flags & TableFormat.SUPPORT) == 0 ? null : support(in);
        return new FieldType.Shape(number, name, jsonName, flags, oneof, type, rules, support);
    }

    private static Support support(Cursor in) {
        Support.Status status = TableFormat.STATUSES[in.next()];
        String note = in.string();
        String[] values = new String[in.next()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.string();
        }
        return new Support(status, note, List.of(values));
    }

    private static EnumType readEnum(Cursor in) {
        String fullName = in.fullName();
        String file = in.string();
        int count = in.next();
        EnumType type = new EnumType(fullName, file, count);
        for (int i = 0; i < count; i++) {
            String name = in.string();
            int number = in.next();
            type.add(name, number >>> 1 ^ -(number & 1), in.next());
        }
        return type;
    }

    private int integer(int at) {
        return bytes[at] << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }

    /** Reads one record from its start. */
    private final class Cursor {
        private int at;

        Cursor(int record) {
            this.at = record + 4;
        }

        int next() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte piece = bytes[at++];
                value |= (piece & 0x7f) << shift;
                if (piece >= 0) {
                    return value;
                }
            }
        }

        String fullName() {
            String scope = string();
            return scope.concat(string());
        }

        String string() {
            return text(next());
        }

        @Nullable String optionalString() {
            int reference = next();
            return reference == 0 ? null : text(reference);
        }

        ByteString bytes() {
            int length = next();
            at += length;
            return UnsafeByteOperations.unsafeWrap(bytes, at - length, length);
        }

        private String text(int reference) {
            int back = at;
            at = strings + reference;
            int length = next();
            int start = at;
            at = back;
            return new String(bytes, start, length, StandardCharsets.UTF_8);
        }
    }
}
