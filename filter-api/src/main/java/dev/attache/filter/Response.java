package dev.attache.filter;

/** A response in the hands of a blocking filter. */
@Stable(since = "0.1")
public interface Response extends Message {

    int status();

    void status(int status);
}
