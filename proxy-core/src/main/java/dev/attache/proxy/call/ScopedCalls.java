package dev.attache.proxy.call;

/** Calls that can be told on whose behalf they are made. Loop-confined. */
public interface ScopedCalls extends UpstreamCalls {

    /** The same calls, on behalf of {@code scope}. */
    UpstreamCalls within(CallScope scope);
}
