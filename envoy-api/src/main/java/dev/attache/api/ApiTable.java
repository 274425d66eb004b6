package dev.attache.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of Envoy's API. A type is read from it when it is first asked for, and is one object
 * from then on. Safe for use from several threads.
 */
public final class ApiTable {
    private static final TableSource TABLE = TableSource.load();

    /** Of the table's messages only: a user's class stands here for nobody, so it can go. */
    private static final ConcurrentHashMap<Class<?>, MessageType> CLASSES =
            new ConcurrentHashMap<>();

    /** Messages that the table does not have: those of users' jars, each gone with its loader. */
    private static final class Others {
        private static final Map<ClassLoader, DescriptorTypes> TYPES = new WeakHashMap<>();

        static DescriptorTypes of(Class<?> messageClass) {
            synchronized (TYPES) {
                return TYPES.computeIfAbsent(
                        messageClass.getClassLoader(),
                        loader -> new DescriptorTypes(ApiTable::message));
            }
        }
    }

    private ApiTable() {}

    /** The message of that full name, or null. */
    public static @Nullable MessageType message(String fullName) {
        int id = TABLE.messageId(fullName);
        return id < 0 ? null : TABLE.message(id);
    }

    /** The enum of that full name, or null. */
    public static @Nullable EnumType enumeration(String fullName) {
        int id = TABLE.enumId(fullName);
        return id < 0 ? null : TABLE.enumeration(id);
    }

    /** The type of a message. */
    public static MessageType of(Message message) {
        MessageType type = CLASSES.get(message.getClass());
        if (type == null) {
            type = byClass(message.getClass());
            if (type == null) {
                return Others.of(message.getClass()).message(message.getDescriptorForType());
            }
            CLASSES.put(message.getClass(), type);
        }
        return type;
    }

    /**
     * The type of a message class.
     *
     * @throws IllegalArgumentException if it is no generated message class
     */
    public static MessageType of(Class<? extends Message> messageClass) {
        MessageType type = CLASSES.get(messageClass);
        if (type == null) {
            type = byClass(messageClass);
            if (type == null) {
                return Others.of(messageClass).message(descriptor(messageClass));
            }
            CLASSES.put(messageClass, type);
        }
        return type;
    }

    /**
     * The full names of all messages, those newer than their classes too, in alphabetical order.
     */
    public static List<String> messageNames() {
        return TABLE.messageNames();
    }

    /** The full names of all enums, in alphabetical order. */
    public static List<String> enumNames() {
        return TABLE.enumNames();
    }

    private static @Nullable MessageType byClass(Class<?> messageClass) {
        String name = JavaNames.fullName(messageClass.getName());
        MessageType type = name == null ? null : message(name);
        return type != null && messageClass.getName().equals(type.className()) ? type : null;
    }

    private static Descriptor descriptor(Class<? extends Message> messageClass) {
        try {
            return (Descriptor) messageClass.getMethod("getDescriptor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(messageClass + " is no generated message", e);
        }
    }
}
