package dev.attache.xds.client;

import java.util.Set;

/** A running subscription. Main loop only. */
public interface Subscription {

    /** Replaces the names asked for. */
    void names(Set<String> names);

    /** Ends it; the watcher hears nothing more. */
    void close();
}
