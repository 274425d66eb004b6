package dev.attache.config.extension;

import com.google.protobuf.Descriptors.Descriptor;

/**
 * What an extension is found by.
 *
 * @param messageType full name of its configuration message, i.e. the type URL behind the slash
 */
public record ExtensionKey(ExtensionCategory category, String messageType) {
    public static ExtensionKey of(ExtensionCategory category, Descriptor type) {
        return new ExtensionKey(category, type.getFullName());
    }
}
