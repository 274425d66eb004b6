package dev.attache.filter;

/**
 * A filter as a jar brings it: a public class with a constructor without parameters, named in
 * {@code META-INF/services/dev.attache.filter.FilterFactory}. Made once when its jar is loaded.
 * Without state of its own; called on configuration threads.
 */
@Stable(since = "0.1", implementedByAuthors = true)
public interface FilterFactory {

    /**
     * What configurations call it, e.g. {@code com.example.hello}: the end of the {@code type_url}
     * of the {@code TypedStruct} that holds its settings, or the full name of a message of the
     * author's own. Unique in the process; a name in the author's reversed domain keeps it so.
     */
    String name();

    /**
     * Once for each configuration that names the filter. What is wrong with the settings is said by
     * {@link Settings#error}: all of it, not only the first; the configuration is then refused with
     * resource, field and line, and what served before goes on. What this throws refuses it, too.
     *
     * @return how filters with these settings are opened; never used where an error was reported
     */
    FilterPlan configure(Settings settings);
}
