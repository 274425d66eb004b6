package dev.attache.proxy.log;

/**
 * A log file that takes lines as they are: events rather than requests. Equal where it is the same
 * file. Any thread.
 */
@FunctionalInterface
public interface LineLog {

    /**
     * @param line without its end
     */
    void append(String line);
}
