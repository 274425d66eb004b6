package dev.attache.filter;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a filter, or an object within them, as configuration wrote them. A value of the wrong
 * type is reported as an error at its place, and reads as if it were absent. Immutable; during
 * {@link FilterFactory#configure} and {@link OverridableFilterFactory#override} only.
 */
@Stable(since = "0.1")
public interface Settings {

    /** The names that are set, in no order. */
    Set<String> names();

    boolean has(String name);

    /** Null where it is absent. */
    @Nullable String text(String name);

    String text(String name, String absent);

    /** Reports an error where it is absent or empty; is empty then. */
    String requiredText(String name);

    /** A whole number, also where it is written as text. */
    long integer(String name, long absent);

    /**
     * The same within bounds; reports an error where it is not.
     *
     * @param least allowed
     * @param most allowed
     */
    long integer(String name, long absent, long least, long most);

    double number(String name, double absent);

    boolean flag(String name, boolean absent);

    /** Written as {@code "1.5s"}, {@code "20ms"} or a number of seconds; not negative. */
    Duration duration(String name, Duration absent);

    /** A list of texts; empty where it is absent. */
    List<String> texts(String name);

    /** An object within; null where it is absent. */
    @Nullable Settings object(String name);

    /** A list of objects within; empty where it is absent. */
    List<Settings> objects(String name);

    /** Reports each name that is set and not one of these: what is misspelled is not overlooked. */
    void only(String... names);

    /** Says what is wrong with a field, so that whoever wrote it can mend it. */
    void error(String name, String message);

    /** The same of one item of a list. */
    void error(String name, int index, String message);

    /** Says what is wrong with these settings as a whole. */
    void error(String message);

    /** Something to be told and no reason to refuse the configuration. */
    void warning(String name, String message);

    /** Where these settings stand, e.g. {@code http_filters[0].typed_config.limits[1]}. */
    String path();

    /**
     * The bytes of the message, where settings came as a message of the author's own whose full
     * name is {@link FilterFactory#name}; null where they came as an object. In these all other
     * methods find nothing. Files can hold such a message only as an object; control planes send it
     * as it is.
     */
    byte @Nullable [] message();
}
