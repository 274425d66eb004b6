package dev.attache.filter;

/** A request in the hands of a blocking filter. */
@Stable(since = "0.1")
public interface Request extends Message {

    /** {@code :method}. */
    String method();

    /** {@code :path} with its query. */
    String path();
}
