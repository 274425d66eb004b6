package dev.attache.filter;

/** Something that is to come and may be given up. On the stream's worker. */
@FunctionalInterface
@Stable(since = "0.1")
public interface Cancellable {

    /** Nothing comes of it any more; after its end nothing happens. */
    void cancel();
}
