package dev.attache.proxy.listener;

import dev.attache.proxy.listener.spec.ListenerSpec;

/**
 * Limits on accepted connections that reach beyond one worker: {@code
 * envoy.resource_limits.listener.<name>.connection_limit} and the process's {@code
 * downstream_connections}. Asked once per connection, from any worker.
 */
public interface ConnectionGate {

    /** No limits. */
    ConnectionGate OPEN =
            new ConnectionGate() {
                @Override
                public Verdict tryOpen(ListenerSpec listener) {
                    return Verdict.ADMITTED;
                }

                @Override
                public void handedOver(ListenerSpec listener) {
                    // Nothing is counted.
                }

                @Override
                public void closed(ListenerSpec listener) {
                    // Nothing was counted.
                }
            };

    /** What becomes of a connection just accepted. */
    enum Verdict {
        ADMITTED,
        /** {@code downstream_cx_overflow}. */
        LISTENER_FULL,
        /** {@code downstream_global_cx_overflow}. */
        PROCESS_FULL
    }

    /** Counts the connection in if it is admitted. */
    Verdict tryOpen(ListenerSpec listener);

    /** A connection admitted elsewhere was handed to {@code listener}: counted, never refused. */
    void handedOver(ListenerSpec listener);

    /** An admitted connection is gone. */
    void closed(ListenerSpec listener);
}
