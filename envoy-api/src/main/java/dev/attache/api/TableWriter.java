package dev.attache.api;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes the table ({@link TableFormat}). The build's only; for one thread. */
public final class TableWriter {
    private final SortedMap<String, MessageType> messages = new TreeMap<>();
    private final SortedMap<String, EnumType> enums = new TreeMap<>();
    private final Map<String, Integer> messageIds = new HashMap<>();
    private final Map<String, Integer> enumIds = new HashMap<>();
    private final Predicate<String> newer;
    private final Map<String, Support> supports = new HashMap<>();
    private final Map<String, Guard> guards = new HashMap<>();

    private final ByteArrayOutputStream pool = new ByteArrayOutputStream();
    private final Map<String, Integer> pooled = new HashMap<>();
    private final Output records = new Output();

    /**
     * @param newer whether a message, field or enum value is not in the message classes, by its
     *     full name
     */
    public TableWriter(Predicate<String> newer) {
        this.newer = newer;
        string("");
    }

    /** Adds a message; those that its fields refer to must be added too. */
    public void add(MessageType message) {
        messages.put(message.fullName(), message);
    }

    /** Adds an enum. */
    public void add(EnumType enumeration) {
        enums.put(enumeration.fullName(), enumeration);
    }

    /** The message of that full name that was added, or null. */
    public @Nullable MessageType message(String fullName) {
        return messages.get(fullName);
    }

    /** The names of the messages that were added. */
    public Collection<String> messageNames() {
        return Collections.unmodifiableSet(messages.keySet());
    }

    /** What is done with a field, by its full name. */
    public void declare(String field, Support support) {
        supports.put(field, support);
    }

    /** Of a message by its full name: whether a field that nobody knows may be passed over. */
    public void declare(String message, Guard guard) {
        guards.put(message, guard);
    }

    /**
     * The table.
     *
     * @throws IllegalStateException if a field refers to a type that was not added
     */
    public byte[] write() {
        number(messages, messageIds);
        number(enums, enumIds);
        int messageSlots = slotCount(messages.size());
        int enumSlots = slotCount(enums.size());
        int start =
                TableFormat.HEADER
                        + 2 * (messageSlots + enumSlots)
                        + 4 * (messages.size() + enums.size());
        List<Integer> offsets = new ArrayList<>();
        for (MessageType message : messages.values()) {
            offsets.add(start + records.size());
            write(message);
        }
        for (EnumType enumeration : enums.values()) {
            offsets.add(start + records.size());
            write(enumeration);
        }
        ByteBuffer table = ByteBuffer.allocate(start + records.size() + pool.size());
        table.putInt(TableFormat.MAGIC).putInt(messages.size()).putInt(enums.size());
        table.putInt(messageSlots).putInt(enumSlots).putInt(start + records.size());
        slots(messageIds, messageSlots, table);
        slots(enumIds, enumSlots, table);
        offsets.forEach(table::putInt);
        return table.put(records.toByteArray()).put(pool.toByteArray()).array();
    }

    private static void number(SortedMap<String, ?> types, Map<String, Integer> ids) {
        for (String name : types.keySet()) {
            ids.put(name, ids.size());
        }
    }

    private static int slotCount(int types) {
        return Integer.highestOneBit(Math.max(types, 1)) << 2;
    }

    private static void slots(Map<String, Integer> ids, int count, ByteBuffer table) {
        short[] slots = new short[count];
        ids.forEach((name, id) -> {
            int slot = TableFormat.slot(name.hashCode()) & count - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & count - 1;
            }
            slots[slot] = (short) (id + 1);
        });
        for (short slot : slots) {
            table.putShort(slot);
        }
    }

    private void write(MessageType message) {
        name(message.fullName());
        boolean added = newer.test(message.fullName());
        Guard guard = guards.getOrDefault(message.fullName(), Guard.NONE);
        records.number(
                message.flags()
                        | (added ? MessageType.NEWER : 0)
                        | guard.ordinal() << MessageType.GUARD_SHIFT);
        records.number(string(message.file()));
        boolean ruled =
                added
                        || JavaNames.className(message.fullName()) instanceof String expected
                                && expected.equals(message.className());
        records.number(ruled ? 0 : string(className(message)));
        records.number(message.oneofs().size());
        for (OneofType oneof : message.oneofs()) {
            records.number(string(oneof.name()));
            records.number(oneof.isRequired() ? 1 : 0);
        }
        records.number(message.fields().size());
        for (FieldType field : message.fields()) {
            write(field);
        }
    }

    private static String className(MessageType message) {
        if (message.className() == null) {
            throw new IllegalStateException(message + " has no class and is not newer");
        }
        return message.className();
    }

    private void write(FieldType field) {
        ByteString rules = field.encodedRules();
        Support support = supports.get(field.fullName());
        OneofType oneof = field.oneof();
        Integer type = type(field);
        boolean ownJsonName = !FieldType.jsonName(field.name()).equals(field.jsonName());
        records.number(field.number());
        records.number(string(field.name()));
        records.number(
                field.flags()
                        | (newer.test(field.fullName()) ? FieldType.NEWER : 0)
                        | (ownJsonName ? TableFormat.JSON_NAME : 0)
                        | (oneof == null ? 0 : TableFormat.ONEOF)
                        | (type == null ? 0 : TableFormat.TYPE)
                        | (rules == null ? 0 : TableFormat.RULES)
                        | (support == null ? 0 : TableFormat.SUPPORT));
        if (ownJsonName) {
            records.number(string(field.jsonName()));
        }
        if (oneof != null) {
            records.number(field.owner().oneofs().indexOf(oneof));
        }
        if (type != null) {
            records.number(type);
        }
        if (rules != null) {
            records.number(rules.size());
            records.writeBytes(rules.toByteArray());
        }
        if (support != null) {
            records.number(support.status().ordinal());
            records.number(string(support.note()));
            records.number(support.values().size());
            support.values().forEach(value -> records.number(string(value)));
        }
    }

    private @Nullable Integer type(FieldType field) {
        Integer id =
                switch (field.kind()) {
                    case MESSAGE, GROUP -> messageIds.get(field.message().fullName());
                    case ENUM -> enumIds.get(field.enumeration().fullName());
                    default -> null;
                };
        boolean typed =
                field.kind() == FieldType.Kind.ENUM
                        || field.kind() == FieldType.Kind.MESSAGE
                        || field.kind() == FieldType.Kind.GROUP;
        if (typed && id == null) {
            throw new IllegalStateException("the type of " + field + " is not in the table");
        }
        return id;
    }

    private void write(EnumType enumeration) {
        name(enumeration.fullName());
        records.number(string(enumeration.file()));
        records.number(enumeration.values().size());
        for (EnumValue value : enumeration.values()) {
            records.number(string(value.name()));
            records.number(value.number() << 1 ^ value.number() >> 31);
            records.number(value.flags() | (newer.test(value.fullName()) ? EnumValue.NEWER : 0));
        }
    }

    /** Packages are in lower case: what starts with a capital is the name. */
    private void name(String fullName) {
        records.integer(fullName.hashCode());
        int split = 0;
        while (split < fullName.length() && !Character.isUpperCase(fullName.charAt(split))) {
            int dot = fullName.indexOf('.', split);
            if (dot < 0) {
                break;
            }
            split = dot + 1;
        }
        records.number(string(fullName.substring(0, split)));
        records.number(string(fullName.substring(split)));
    }

    private int string(String text) {
        return pooled.computeIfAbsent(
                text,
                t -> {
                    int offset = pool.size();
                    byte[] bytes = t.getBytes(StandardCharsets.UTF_8);
                    Output entry = new Output();
                    entry.number(bytes.length);
                    pool.writeBytes(entry.toByteArray());
                    pool.writeBytes(bytes);
                    return offset;
                });
    }

    private static final class Output extends ByteArrayOutputStream {
        void number(int value) {
            int rest = value;
            while ((rest & ~0x7f) != 0) {
                write(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            write(rest);
        }

        void integer(int value) {
            writeBytes(ByteBuffer.allocate(4).putInt(value).array());
        }
    }
}
