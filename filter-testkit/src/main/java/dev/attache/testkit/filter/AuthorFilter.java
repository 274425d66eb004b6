package dev.attache.testkit.filter;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.jar.ServiceKind;
import dev.attache.filter.FilterFactory;
import java.util.List;
import java.util.ServiceLoader;

/**
 * A filter of the API, as a configuration names it. What runs it is found on the class path, where
 * the proxy's filters are: they are tested by this module, so it cannot know them. Stateless.
 */
final class AuthorFilter {

    private AuthorFilter() {}

    /**
     * An entry of {@code http_filters}, called as the filter itself.
     *
     * @param settings in YAML
     */
    static String entry(FilterFactory factory, String settings) {
        return "name: \""
                + factory.name()
                + "\"\ntyped_config:\n"
                + typed(factory, settings).indent(2);
    }

    /** Settings as any entry of a configuration holds them. */
    static String typed(FilterFactory factory, String settings) {
        return """
        "@type": type.googleapis.com/xds.type.v3.TypedStruct
        type_url: type.googleapis.com/%s
        value:
        """
                        .formatted(factory.name())
                + settings.indent(2);
    }

    /**
     * The extensions that it is.
     *
     * @throws IllegalStateException what runs filters of the API is not on the class path
     */
    static List<? extends ExtensionEntry> extensions(FilterFactory factory) {
        for (ServiceKind<?> kind : ServiceLoader.load(ServiceKind.class)) {
            if (kind.type() == FilterFactory.class) {
                return kind.entriesOf(factory);
            }
        }
        throw new IllegalStateException(
                "dev.attache:attache-filters, which runs filters of the API, is not on the class path"
                        + " of this test");
    }
}
