package dev.attache.proxy.pipeline;

import dev.attache.proxy.worker.Faults;

/**
 * A filter could not be opened on a worker: the listener it stands in cannot serve as configured.
 * The message names the filter and says what it threw, which is the cause.
 */
public final class FilterOpenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String filter;

    private FilterOpenException(String filter, Throwable why) {
        super("filter '" + filter + "' cannot be opened: " + Faults.text(why), why);
        this.filter = filter;
    }

    /** Its name as configured. */
    public String filter() {
        return filter;
    }

    /**
     * What to throw when opening {@code filter} threw {@code why}: a filter within it that is
     * already named keeps its name.
     */
    public static FilterOpenException of(String filter, Throwable why) {
        Faults.contain(why);
        return why instanceof FilterOpenException inner
                ? inner
                : new FilterOpenException(filter, why);
    }
}
