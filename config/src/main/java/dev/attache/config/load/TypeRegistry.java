package dev.attache.config.load;

import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The types of messages that an Any may hold: those of the table of the API, and those of users'
 * jars. Loads no message class. Safe for use from several threads.
 */
public final class TypeRegistry {
    /** What compilations on a thread find while they try out another registry. */
    private static final ScopedValue<TypeRegistry> TRIED = ScopedValue.newInstance();

    private volatile Map<String, MessageType> registered = Map.of();

    /** Makes a message known that the table does not have: one of a user's jar. */
    public synchronized void register(Message prototype) {
        Map<String, MessageType> more = new HashMap<>(registered);
        add(prototype, more);
        registered = more;
    }

    private static void add(Message prototype, Map<String, MessageType> to) {
        MessageType type = ApiTable.of(prototype);
        if (ApiTable.message(type.fullName()) != type) {
            to.put(type.fullName(), type);
        }
    }

    /**
     * A registry with the messages of one version of a jar in the place of those of another; this
     * one stays as it is.
     */
    public TypeRegistry replacing(List<Message> without, List<Message> with) {
        Map<String, MessageType> changed = new HashMap<>(registered);
        without.forEach(prototype -> changed.remove(ApiTable.of(prototype).fullName()));
        with.forEach(prototype -> add(prototype, changed));
        TypeRegistry next = new TypeRegistry();
        next.registered = changed;
        return next;
    }

    /** Knows what another registry knows, from now on. */
    public synchronized void adopt(TypeRegistry other) {
        registered = other.registered;
    }

    /** Lets a compilation on this thread find what another registry has, wherever it asks this. */
    public <T> T trying(TypeRegistry other, Supplier<T> compilation) {
        return ScopedValue.where(TRIED, other).call(compilation::get);
    }

    private Map<String, MessageType> registered() {
        return TRIED.isBound() ? TRIED.get().registered : registered;
    }

    /** The type of that full name, or null. */
    public @Nullable MessageType message(String fullName) {
        MessageType type = ApiTable.message(fullName);
        return type == null ? registered().get(fullName) : type;
    }

    /** What stands behind the last slash of a type URL. */
    public static String nameOf(String typeUrl) {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }
}
