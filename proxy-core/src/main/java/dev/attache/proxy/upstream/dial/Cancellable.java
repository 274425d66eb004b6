package dev.attache.proxy.upstream.dial;

/** A wait that its owner may give up. Loop-confined. */
public interface Cancellable {

    /** Nothing is waited for any more; cancelling it does nothing. */
    Cancellable DONE = () -> {};

    /** Gives up: the waiter hears nothing more. A no-op after it has been told. */
    void cancel();
}
