package dev.attache.xds.mux;

import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import java.util.Collection;
import java.util.Set;

/**
 * One stream to a control plane with the subscriptions it carries. Main loop only. It survives the
 * loss of the stream: everything is subscribed again on the next one.
 */
public interface Mux extends AutoCloseable {

    /** Opens the stream. Watches may be added before and after. */
    void start();

    /**
     * Subscribes.
     *
     * @param names what to ask for; empty, or containing {@code *}, for everything
     */
    Watch watch(ResourceType type, Set<String> names, ResourceWatcher watcher);

    /**
     * Holds back requests of these types, ACKs included, until the pause is closed; then at most
     * one request per type and reason goes out. Pauses nest.
     */
    Pause pause(Collection<ResourceType> types);

    @Override
    void close();

    /** One watcher's subscription. */
    interface Watch {
        /** Replaces the names asked for. */
        void names(Set<String> names);

        /** Ends it; the watcher hears nothing more. */
        void close();
    }

    /** A pause in force. */
    interface Pause extends AutoCloseable {
        /** Resumes; closing twice does nothing. */
        @Override
        void close();
    }
}
