package dev.attache.config.extension.jar;

import com.google.protobuf.Message;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes factories one after the other, unless what one brings is there already. */
final class FactoryCheck {

    private record Name(ExtensionCategory category, String name) {}

    /** Who brings what is there already, by its key and by its name. */
    private final Map<ExtensionKey, String> byKey = new HashMap<>();

    private final Map<Name, String> byName = new HashMap<>();
    private final List<ExtensionEntry> entries = new ArrayList<>();
    private final List<Message> prototypes = new ArrayList<>();

    /**
     * @param there what is there already
     * @param owners who has brought it, where that is not told by its class
     */
    FactoryCheck(List<ExtensionEntry> there, Map<ExtensionKey, String> owners) {
        for (ExtensionEntry entry : there) {
            note(entry, owners.getOrDefault(entry.key(), entry.getClass().getName()));
        }
    }

    /**
     * Takes a factory.
     *
     * @throws IllegalStateException if there is one of the same key, or of the same name in a
     *     category
     */
    void take(ExtensionJar.Factory factory) {
        List<Message> messages = new ArrayList<>();
        for (ExtensionEntry entry : factory.entries()) {
            String other = byKey.get(entry.key());
            if (other == null) {
                other = byName.get(name(entry));
            }
            if (other != null) {
                throw new IllegalStateException(
                        "extension %s, %s, is there already, by %s"
                                .formatted(entry.wellKnownName(), entry.key(), other));
            }
            messages.add(entry.compiler().prototype());
        }
        prototypes.addAll(messages);
        entries.addAll(factory.entries());
        factory.entries().forEach(entry -> note(entry, factory.type()));
    }

    private void note(ExtensionEntry entry, String owner) {
        byKey.put(entry.key(), owner);
        byName.put(name(entry), owner);
    }

    private static Name name(ExtensionEntry entry) {
        return new Name(entry.key().category(), entry.wellKnownName());
    }

    /** Of all factories that were taken. */
    List<ExtensionEntry> entries() {
        return entries;
    }

    /** Of their messages. */
    List<Message> prototypes() {
        return prototypes;
    }
}
