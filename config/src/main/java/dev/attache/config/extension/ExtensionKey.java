package dev.attache.config.extension;

import org.jspecify.annotations.Nullable;

/**
 * What an extension is found by.
 *
 * @param messageType full name of its configuration message, i.e. the type URL behind the slash
 */
public record ExtensionKey(ExtensionCategory category, String messageType) {
    // By hand: what a record brings is linked on first use, which every start would pay for.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExtensionKey key
                && category == key.category
                && messageType.equals(key.messageType);
    }

    @Override
    public int hashCode() {
        return 31 * messageType.hashCode() + category.ordinal();
    }

    @Override
    public String toString() {
        return messageType + " (" + category.envoyName() + ")";
    }
}
