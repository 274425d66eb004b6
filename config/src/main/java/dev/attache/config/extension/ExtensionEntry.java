package dev.attache.config.extension;

/**
 * An extension as it is registered: what it is found by, what it is called, and where its code is.
 * Immutable; only {@link #compiler} loads the extension's classes.
 */
public interface ExtensionEntry {
    /** Category and message type under which the extension is found. */
    ExtensionKey key();

    /** The extension's well-known name; for listings and for diagnostics only. */
    String wellKnownName();

    /** What compiles its configuration; asked for when a configuration names the extension. */
    ExtensionCompiler<?, ?> compiler();
}
