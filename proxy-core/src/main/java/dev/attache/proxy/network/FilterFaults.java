package dev.attache.proxy.network;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.worker.FaultListener;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import org.jspecify.annotations.Nullable;

/**
 * What is said of filters, loggers and transports that threw, on one worker: each is counted in a
 * counter of our own, which is listed from the first one on, and logged with its name. What becomes
 * of the connection or stream is for the caller to see to. Loop-confined.
 */
public final class FilterFaults {

    private final Scope scope;
    private final String counter;
    private final int worker;
    private final FaultLog log = new FaultLog("filter");

    /**
     * @param counter within {@code scope}
     * @param worker its index
     */
    public FilterFaults(Scope scope, String counter, int worker) {
        this.scope = scope;
        this.counter = counter;
        this.worker = worker;
    }

    /**
     * @param stream the request's id, or null where there is no request
     * @param cost what ends with it, as "its stream ends"
     */
    public void record(
            ConnectionInfo connection,
            @Nullable String stream,
            String who,
            String callback,
            String cost,
            Throwable why) {
        Faults.contain(why);
        scope.counter(counter).cell(worker).inc();
        log.error(
                ComponentLog.tags(connection.id())
                        + "filter '"
                        + who
                        + "' threw in "
                        + callback
                        + "; "
                        + cost
                        + (stream == null ? "" : ", request id '" + stream + "'"),
                why);
    }

    /** For what is called at a connection's end, when nothing is left to be lost. */
    public FaultListener atEndOf(ConnectionInfo connection) {
        return (who, callback, why) ->
                record(connection, null, who, callback, "the connection has ended", why);
    }

    /** {@code %CONNECTION_TERMINATION_DETAILS%} and the like: no blanks, as Envoy's have none. */
    public static String details(String who) {
        return "filter_exception{" + who.replace(' ', '_') + "}";
    }
}
