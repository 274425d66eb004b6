package dev.attache.config.load;

import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of messages that an Any may hold: those of the table of the API, and those of users'
 * jars. Loads no message class. Safe for use from several threads.
 */
public final class TypeRegistry {
    private final Map<String, MessageType> registered = new ConcurrentHashMap<>();

    /** Makes a message known that the table does not have: one of a user's jar. */
    public void register(Message prototype) {
        MessageType type = ApiTable.of(prototype);
        registered.put(type.fullName(), type);
    }

    /** The type of that full name, or null. */
    public @Nullable MessageType message(String fullName) {
        MessageType type = ApiTable.message(fullName);
        return type == null ? registered.get(fullName) : type;
    }

    /** What stands behind the last slash of a type URL. */
    public static String nameOf(String typeUrl) {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }
}
