package dev.attache.filters.http.author;

import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.extension.jar.ServiceKind;
import dev.attache.filter.FilterFactory;
import dev.attache.filter.OverridableFilterFactory;
import java.util.List;

/** The extensions that a filter of an author is registered as. Stateless. */
public final class AuthorExtensions implements ServiceKind<FilterFactory> {

    @Override
    public Class<FilterFactory> type() {
        return FilterFactory.class;
    }

    /**
     * The filter itself and, where it takes settings of routes, these.
     *
     * @throws IllegalArgumentException its name cannot be one
     */
    @Override
    public List<? extends ExtensionEntry> entries(FilterFactory factory) {
        String name = factory.name();
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "the filter's name '%s' cannot stand at the end of a type_url".formatted(name));
        }
        ExtensionEntry filter =
                new Entry(
                        new ExtensionKey(ExtensionCategory.HTTP_FILTER, name),
                        new AuthorFilterFactory(factory));
        if (!(factory instanceof OverridableFilterFactory overridable)) {
            return List.of(filter);
        }
        ExtensionEntry override =
                new Entry(
                        new ExtensionKey(ExtensionCategory.HTTP_FILTER_OVERRIDE, name),
                        new AuthorOverrideFactory(overridable));
        return List.of(filter, override);
    }

    private static boolean isName(String name) {
        if (name.isEmpty()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Character.isLetterOrDigit(c) && "._-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private record Entry(ExtensionKey key, ExtensionCompiler<?, ?> compiler)
            implements ExtensionEntry {
        @Override
        public String wellKnownName() {
            return key.messageType();
        }
    }
}
