package dev.attache.proxy.network;

/** Configuration of one network filter. Immutable, any thread. */
public interface NetworkFilterSpec {

    /**
     * True if it takes the connection over; such a filter must be, and only it may be, the last.
     */
    boolean terminal();

    /**
     * Opens the filter on one worker for one filter chain; called on that worker's loop when the
     * chain is adopted, not per connection. Stats and look-ups are resolved here.
     */
    NetworkFilterFactory open(NetworkFilterContext context);
}
