package dev.attache.config.extension;

import com.google.protobuf.Message;

/**
 * A whole extension in one class, as a user's jar brings it: it says itself what it is found by.
 * {@code jar.UserExtensions} makes it when the jar is loaded, by its constructor without
 * parameters; the extensions that come with the proxy are {@link ExtensionEntry entries} of a list
 * instead.
 *
 * @param <P> the configuration message
 * @param <S> the spec, as the category's consumers expect it
 */
public interface ExtensionFactory<P extends Message, S>
        extends ExtensionCompiler<P, S>, ExtensionEntry {
    /** The extension's well-known name; for listings and for diagnostics only. */
    String name();

    @Override
    default String wellKnownName() {
        return name();
    }

    /**
     * The class of {@link #prototype}; nobody asks for it, jars of earlier versions override it.
     */
    @SuppressWarnings("unchecked") // a prototype is of the class that the factory names
    default Class<P> protoType() {
        return (Class<P>) prototype().getClass();
    }

    @Override
    default ExtensionCompiler<P, S> compiler() {
        return this;
    }
}
