package dev.attache.config.extension;

import com.google.protobuf.Message;
import dev.attache.config.support.MessageSupport;
import dev.attache.config.support.SupportTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * All extensions of this process. Immutable after construction; a key that occurs twice fails it.
 */
public final class ExtensionRegistry {
    private final Map<ExtensionKey, ExtensionFactory<?, ?>> factories = new HashMap<>();
    private final SupportTable support = new SupportTable();

    /**
     * @param factories built-ins and users' extensions together
     * @param core what the compilers of core resources declare
     */
    public ExtensionRegistry(
            List<? extends ExtensionFactory<?, ?>> factories, List<MessageSupport> core) {
        core.forEach(support::add);
        Set<String> declared = new HashSet<>(support.messages().keySet());
        for (ExtensionFactory<?, ?> factory : factories) {
            ExtensionFactory<?, ?> other = this.factories.putIfAbsent(factory.key(), factory);
            if (other != null) {
                throw new IllegalStateException(
                        "extension %s is registered twice: by %s and by %s"
                                .formatted(
                                        factory.key(),
                                        other.getClass().getName(),
                                        factory.getClass().getName()));
            }
            // One message may serve two categories, with one declaration.
            for (MessageSupport message : factory.support()) {
                if (declared.add(message.type().getFullName())) {
                    support.add(message);
                }
            }
        }
    }

    /**
     * Whatever the class path offers by ServiceLoader.
     *
     * @throws java.util.ServiceConfigurationError when a jar names a factory that cannot be made
     */
    @SuppressWarnings("rawtypes") // a service is looked up by its raw class
    public static List<ExtensionFactory<?, ?>> services(ClassLoader loader) {
        List<ExtensionFactory<?, ?>> found = new ArrayList<>();
        for (ExtensionFactory factory : ServiceLoader.load(ExtensionFactory.class, loader)) {
            found.add(factory);
        }
        return found;
    }

    /** The factory for a message type in a category. */
    public Optional<ExtensionFactory<? extends Message, ?>> find(
            ExtensionCategory category, String messageType) {
        return Optional.ofNullable(factories.get(new ExtensionKey(category, messageType)));
    }

    /** Whether there is a factory for a message type in any category. */
    boolean knows(String messageType) {
        return factories.keySet().stream().anyMatch(key -> key.messageType().equals(messageType));
    }

    /** All factories, ordered by category and message type. */
    public List<ExtensionFactory<?, ?>> all() {
        List<ExtensionFactory<?, ?>> all = new ArrayList<>(factories.values());
        all.sort((a, b) -> {
            int byCategory = a.key().category().compareTo(b.key().category());
            return byCategory != 0
                    ? byCategory
                    : a.key().messageType().compareTo(b.key().messageType());
        });
        return all;
    }

    public SupportTable support() {
        return support;
    }
}
