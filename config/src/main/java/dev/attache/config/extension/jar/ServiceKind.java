package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionFactory;
import java.util.List;
import java.util.function.Function;

/**
 * What a jar may name in {@code META-INF/services}, and what extensions an instance of it is.
 *
 * @param type each class that is named has a public constructor without parameters, and is one
 * @param entries one extension or several, as a filter and its overrides
 */
public record ServiceKind<T>(Class<T> type, Function<T, List<? extends ExtensionEntry>> entries) {

    /** The engine's own interface. */
    @SuppressWarnings("rawtypes") // a service file does not say of what messages
    public static final ServiceKind<ExtensionFactory> FACTORY =
            new ServiceKind<>(ExtensionFactory.class, factory -> List.of(factory));

    /** Name of the file that names its classes. */
    String file() {
        return "META-INF/services/" + type.getName();
    }

    /** The extensions that a new instance of a class is. */
    List<? extends ExtensionEntry> make(Class<?> named) throws ReflectiveOperationException {
        return entries.apply(type.cast(named.getConstructor().newInstance()));
    }
}
