package dev.attache.config.support;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What users' extensions declare of their messages, by message name; an extension's declarations
 * are added when it is first named. What the API's own messages are is in the {@linkplain
 * dev.attache.api.FieldType#support() table}, which is asked first. Safe on any thread.
 */
public final class SupportTable {
    private final Map<String, MessageSupport> messages = new ConcurrentHashMap<>();

    /** Adds a declaration unless the type has one. */
    public void addIfAbsent(MessageSupport support) {
        messages.putIfAbsent(support.messageType(), support);
    }

    public boolean isEmpty() {
        return messages.isEmpty();
    }

    /** What is declared of a message, or null. */
    public @Nullable MessageSupport find(String messageType) {
        return messages.get(messageType);
    }

    /** Declared messages by full name. */
    public Map<String, MessageSupport> messages() {
        return Map.copyOf(messages);
    }
}
