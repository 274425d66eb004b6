package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionFactory;
import java.util.List;

/**
 * What a jar may name in {@code META-INF/services}, and what extensions an instance of it is. Found
 * by {@link java.util.ServiceLoader} where nobody may name the kind itself: the harness that tests
 * filters of authors does not know what runs them.
 */
public interface ServiceKind<T> {

    /** The engine's own interface. */
    @SuppressWarnings("rawtypes") // a service file does not say of what messages
    ServiceKind<ExtensionFactory> FACTORY =
            new ServiceKind<>() {
                @Override
                public Class<ExtensionFactory> type() {
                    return ExtensionFactory.class;
                }

                @Override
                public List<? extends ExtensionEntry> entries(ExtensionFactory instance) {
                    return List.of(instance);
                }
            };

    /** Each class that is named has a public constructor without parameters, and is one. */
    Class<T> type();

    /** One extension or several, as a filter and its overrides. */
    List<? extends ExtensionEntry> entries(T instance);

    /**
     * The extensions that an instance is.
     *
     * @throws ClassCastException it is none of the {@link #type}
     */
    default List<? extends ExtensionEntry> entriesOf(Object instance) {
        return entries(type().cast(instance));
    }
}
