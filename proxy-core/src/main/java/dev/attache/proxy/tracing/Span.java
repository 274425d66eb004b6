package dev.attache.proxy.tracing;

import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work in a trace: a request as it is served, an attempt at an upstream, a call of a
 * filter. Times are nanoseconds since 1970. Loop-confined; after {@link #finish} nothing is heard.
 */
public interface Span {

    /** Where there is no trace. */
    Span NONE = new NoSpan();

    /** Whether it will be sent: otherwise nobody sees what is said of it. */
    boolean isSampled();

    /** What a filter, or a later look at the route, makes of {@link #isSampled}. */
    void sampled(boolean sampled);

    /** It was decided here whether it is sampled, and not by who called. */
    boolean isDecidedHere();

    /** Says what the work is, in place of what was said before. */
    void operation(String name);

    /** Says something of it; under one name the last word holds. */
    void tag(String name, String value);

    /** Something that happened at a time. */
    void event(long epochNanos, String name);

    /**
     * Writes the trace's context into a request that leaves.
     *
     * @param peer the address it goes to, or null where that is not known
     */
    void inject(Headers request, @Nullable String peer);

    /** A span of what is done elsewhere for this one. */
    Span child(String operation, long epochNanos);

    /** In hexadecimal digits; empty where there is no trace. */
    String traceId();

    /** In hexadecimal digits; empty where there is no trace. */
    String spanId();

    void finish(long epochNanos);
}
